import { type Attempt, mayRepeat, timeoutMs } from './attempt.ts'
import { http1Clients } from './http1-clients.ts'
import { http2Clients } from './http2-clients.ts'
import type { Protocol } from './protocols.ts'
import { within } from './within.ts'

/** A request whose first attempt failed. */
export interface Failure extends Attempt {
  /** The number in its target: `/17`. */
  readonly number: number
  readonly method: 'GET' | 'POST'
  /** Outcome of the second attempt; undefined where the client may not repeat the request by itself. */
  readonly again: string | undefined
}

/** An open loop of requests, each with its own number. */
export interface NumberedLoad {
  readonly sent: () => number
  readonly answered: () => number
  /** Requests that have not ended, repetitions included. */
  readonly inFlight: () => number
  /** Stops sending; returns the failures once the last request has ended. */
  stop(): Promise<readonly Failure[]>
}

/** Maximum number of attempts of a request: two, each of which may be sent again when its connection was refused. */
const maxAttempts = 4
/**
 * Seconds of the load that may be in flight: more than a restart takes. On a busy host one may take a minute, after which the requests that
 * had waited would take minutes more.
 */
const maxSecondsInFlight = 2
/** One of so many requests is a POST. */
const postEvery = 5

/** Options of the load. */
interface LoadOptions {
  readonly protocol: Protocol
  readonly port: () => number
  /** Requests per second. */
  readonly rate: number
  /** Called when a connection was refused. The request is sent again to the current port: no balancer had accepted it. */
  refused?(): void
}

/** Starts the load at once. */
export function numberedLoad({ protocol, port, rate, refused }: LoadOptions): NumberedLoad {
  const clients = protocol === 'http2' ? http2Clients() : http1Clients()
  const failures: Failure[] = []
  const inFlight = new Set<Promise<void>>()
  let [sent, answered] = [0, 0]

  async function attemptAt(
    request: { path: string; method: string },
    fresh: boolean,
  ): Promise<Attempt> {
    const ended = await clients.attempt({ ...request, port: port() }, fresh)
    if (ended.outcome !== 'ECONNREFUSED' || refused === undefined) return ended
    refused()
    return await clients.attempt({ ...request, port: port() }, fresh)
  }

  async function send(number: number): Promise<void> {
    const method = number % postEvery === 0 ? 'POST' : 'GET'
    const request = { path: `/${number}`, method }
    const ended = await attemptAt(request, false)
    let { outcome } = ended
    if (outcome !== '200') {
      const second = mayRepeat(method, ended) ? await attemptAt(request, true) : undefined
      failures.push({ number, method, ...ended, again: second?.outcome })
      outcome = second?.outcome ?? outcome
    }
    if (outcome === '200') answered++
  }

  const startedMs = performance.now()
  let leftOut = 0
  const timer = setInterval(() => {
    const due = ((performance.now() - startedMs) / 1000) * rate
    while (sent + leftOut < due) {
      if (inFlight.size >= rate * maxSecondsInFlight) {
        leftOut++
        continue
      }
      const one = send(sent++).finally(() => inFlight.delete(one))
      inFlight.add(one)
    }
  }, 4)

  return {
    sent: () => sent,
    answered: () => answered,
    inFlight: () => inFlight.size,
    async stop() {
      clearInterval(timer)
      const seconds = (2 * maxAttempts * timeoutMs) / 1000
      try {
        await within(seconds, `the end of ${inFlight.size} requests`, Promise.all(inFlight))
      } finally {
        clients.close()
      }
      return failures
    },
  }
}
