import { type Attempt, attempt, mayRepeat } from './attempt.ts'
import { timestampedAgent } from './timestamped-agent.ts'

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

/** One of so many requests is a POST. */
const postEvery = 5

/** Options of the load. */
interface LoadOptions {
  readonly port: () => number
  /** Requests per second. */
  readonly rate: number
  /** Called when a connection was refused. The request is sent again to the current port: no balancer had accepted it. */
  refused?(): void
}

/** Starts the load at once. */
export function numberedLoad({ port, rate, refused }: LoadOptions): NumberedLoad {
  const pool = timestampedAgent({ keepAlive: true, maxSockets: 500 })
  const once = timestampedAgent({ keepAlive: false })
  const failures: Failure[] = []
  const inFlight = new Set<Promise<void>>()
  let [sent, answered] = [0, 0]

  async function attemptAt(
    request: { path: string; method: string },
    agent = pool,
  ): Promise<Attempt> {
    const ended = await attempt(agent, { ...request, port: port() })
    if (ended.outcome !== 'ECONNREFUSED' || refused === undefined) return ended
    refused()
    return await attempt(agent, { ...request, port: port() })
  }

  async function send(number: number): Promise<void> {
    const method = number % postEvery === 0 ? 'POST' : 'GET'
    const request = { path: `/${number}`, method }
    const ended = await attemptAt(request)
    let { outcome } = ended
    if (outcome !== '200') {
      const second = mayRepeat(method, ended) ? await attemptAt(request, once) : undefined
      failures.push({ number, method, ...ended, again: second?.outcome })
      outcome = second?.outcome ?? outcome
    }
    if (outcome === '200') answered++
  }

  const startedMs = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - startedMs) / 1000) * rate
    while (sent < due) {
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
      await Promise.all(inFlight)
      pool.agent.destroy()
      return failures
    },
  }
}
