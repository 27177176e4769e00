import { ProcessError, UsageError } from '../kit/errors.ts'
import { type SilenceWatch, silenceWatch } from '../kit/silence-watch.ts'
import type { AgentPort } from './launcher.ts'
import type { AgentFacts, FromAgent, ToAgent } from './messages.ts'
import {
  type ClockOffset,
  type ClockRate,
  clockMs,
  clockOffset,
  clockRate,
  type RoundTrip,
} from './node-clock.ts'
import { type NodeWatch, nodeWatch } from './node-watch.ts'
import { ownVersion } from './own-version.ts'

/** Milliseconds without a word after which an agent is lost. */
const silentMs = 3000
/** Milliseconds between two words to an agent that has nothing else to do. */
const aliveMs = 1000
/** Questions for the time. */
const roundTrips = 8
/** Milliseconds that the clock of a node may be off: results of hosts whose times are that far apart cannot be related. */
const maxClockMs = 1000

/** An agent that responded, as its coordinator sees it. */
export interface RemoteAgent extends AgentFacts {
  readonly node: string
  readonly clock: ClockOffset
  /** Reads its clock again: how fast it ran since it was greeted. Undefined once it is lost. */
  readRate(): Promise<ClockRate | undefined>
  /** Over how its node is used. */
  readonly watch: NodeWatch
  send(message: ToAgent): void
  /** Calls `listener` for its messages about a process, until the returned function is called. */
  on(process: number, listener: (message: FromAgent) => void): () => void
  /** Why it is lost, as the predicate of a sentence: it ended, or was silent for 3 s. Never rejects. */
  readonly lost: Promise<string>
  readonly isLost: boolean
}

/** How an agent is greeted. */
export interface Greeting {
  /** Seconds after which it ends by itself. */
  readonly maxSeconds: number
  /** Seconds within which it must have responded. */
  readonly readySeconds: number
  readonly signal: AbortSignal
}

/**
 * Greets an agent, checks it, and estimates its clock.
 *
 * @throws {UsageError} it cannot be started there, its lb is of another version, or its clock is off by more than a second
 * @throws {ProcessError} it did not respond
 * @throws the signal's reason, once it aborts
 */
export async function greetAgent(
  port: AgentPort,
  { maxSeconds, readySeconds, signal }: Greeting,
): Promise<RemoteAgent> {
  const listeners = new Map<number, (message: FromAgent) => void>()
  const hello = Promise.withResolvers<AgentFacts>()
  const pongs = new Map<number, (atMs: number) => void>()
  let pings = 0
  const lost = Promise.withResolvers<string>()
  const ofNode = nodeWatch(port, lost.promise)
  let silence: SilenceWatch | undefined
  let isLost = false
  port.listen((message) => {
    silence?.heard()
    if (message.is === 'hello') hello.resolve(message)
    else if (message.is === 'pong') {
      pongs.get(message.id)?.(message.atMs)
      pongs.delete(message.id)
    } else if (message.is === 'usage') ofNode.heard(message.usage)
    else if ('process' in message) listeners.get(message.process)?.(message)
  })
  const loseWith = (reason: string): void => {
    isLost = true
    lost.resolve(reason)
  }
  void port.ended.then(loseWith)
  const alive = setInterval(() => port.send({ do: 'alive' }), aliveMs)
  void lost.promise.then(() => {
    clearInterval(alive)
    silence?.[Symbol.dispose]()
  })

  let node = port.node
  const response = async <Value>(promise: Promise<Value>): Promise<Value> => {
    const failed = lost.promise.then((reason) => {
      throw new UsageError(
        `node ${node} ${reason}`,
        'Each node needs Node and lb where this host has them; the file of --nodes can name other places.',
      )
    })
    return await Promise.race([promise, failed, limit(readySeconds, node, signal)])
  }
  /** Asks for the time, 8 times. */
  const readClock = async (): Promise<ClockOffset> => {
    const trips: RoundTrip[] = []
    for (let i = 0; i < roundTrips; i++) {
      const { promise, resolve } = Promise.withResolvers<number>()
      const id = pings++
      pongs.set(id, resolve)
      const sentMs = clockMs()
      port.send({ do: 'ping', id })
      const atMs = await response(promise)
      trips.push({ sentMs, atMs, receivedMs: clockMs() })
    }
    return clockOffset(trips as [RoundTrip, ...RoundTrip[]])
  }
  try {
    port.send({ do: 'hello', maxSeconds })
    const { lb, nodeVersion, cpus, addresses, ...facts } = await response(hello.promise)
    node = facts.node ?? node
    checkVersion(node, lb)
    silence = silenceWatch(silentMs, () => loseWith(`was silent for ${silentMs / 1e3} s`))
    const clock = await readClock()
    const readMs = clockMs()
    checkClock(node, clock)
    return {
      ...{ node, lb, nodeVersion, cpus, addresses, clock, watch: ofNode.watch },
      async readRate() {
        const again = await readClock().catch(() => undefined)
        return again && clockRate(clock, again, clockMs() - readMs)
      },
      send: port.send,
      on(process, listener) {
        listeners.set(process, listener)
        return () => listeners.delete(process)
      },
      lost: lost.promise,
      get isLost() {
        return isLost
      },
    }
  } catch (error) {
    loseWith('was not used')
    throw error
  }
}

/** Rejects after so many seconds, or when the signal aborts. */
function limit(seconds: number, node: string, signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = () =>
    reject(
      new ProcessError(
        `node ${node} did not respond in ${seconds} s`,
        'See that the host is reachable, and that the cluster has free nodes (sinfo).',
      ),
    )
  setTimeout(late, seconds * 1e3).unref()
  if (signal.aborted) reject(signal.reason)
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  promise.catch(() => undefined)
  return promise
}

function checkVersion(node: string, lb: string): void {
  const own = ownVersion()
  if (lb === own) return
  throw new UsageError(
    `node ${node} has lb ${lb}, and this host ${own}: their messages may differ`,
    'install the same version on every node',
  )
}

/** @throws {UsageError} a clock that is off by more than a second */
export function checkClock(node: string, { offsetMs, boundMs }: ClockOffset): void {
  if (Math.abs(offsetMs) - boundMs <= maxClockMs) return
  const seconds = (Math.abs(offsetMs) / 1e3).toFixed(1)
  throw new UsageError(
    `the clock of node ${node} is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} that of this host`,
    'set both by NTP (chrony, systemd-timesyncd); a second is allowed',
  )
}
