import { ProcessError } from '../../kit/errors.ts'
import { silenceWatch } from '../../kit/silence-watch.ts'
import type { Load } from '../../plan/plan.ts'
import type { DriverReport } from '../driver.ts'

/** The channel to a driver: messages, and nothing that only processes of one host share. */
export interface DriverChannel {
  /** Its name in messages: `driver 2 of 3`. */
  readonly name: string
  /** Calls a handler of src/driver/main.ts; rejects once the driver has ended. */
  call<Result = unknown>(
    handler: string,
    payload?: unknown,
    options?: { readonly timeout?: number; readonly signal?: AbortSignal },
  ): Promise<Result>
  /** Calls `listener` for each message of that name, until the returned function is called. */
  on(event: string, listener: (payload: unknown) => void): () => void
  /** Of a driver on another host, under an agent. */
  readonly remote?: RemoteDriver
}

/** A driver on another host, which begins at a moment of the clock of this process (ms since 1970). */
export interface RemoteDriver {
  /** Name of its host. */
  readonly node: string
  /** Milliseconds that the moment must lie ahead. */
  readonly leadMs: number
  /**
   * Has it begin then, and returns when it did.
   * @throws {ProcessError} it is lost
   */
  beginAt(atMs: number): Promise<RemoteBegin>
}

/** When a driver on another host began, by the clock of this process, and the maximum error of that. */
export interface RemoteBegin {
  readonly atMs: number
  readonly boundMs: number
}

/** One driver under a load, as its coordinator sees it. */
export interface FleetMember {
  /** Responses in each 100 ms since its load began. */
  readonly bins: readonly number[]
  /** Whether it sends no more load before the window. */
  readonly warmedUp: boolean
  /** Settles when it is ready, or lost. */
  readonly ready: Promise<unknown>
  /** Its report; undefined once it is lost. Rejects when the load is at fault, or aborted. */
  readonly report: Promise<DriverReport | undefined>
  /** Why it is lost: it ended, failed or became silent. */
  readonly lost: Error | undefined
  /** Sends a message; settles once it was received, or the driver is lost. */
  send(message: 'open' | 'abort', payload?: unknown): Promise<unknown>
}

/** Milliseconds without a message after which a driver is lost. */
const silentMs = 10_000

/** The part of a load of one driver. */
interface MemberLoad {
  readonly load: Load
  readonly url: URL
  /** Seconds within which it must have reported. */
  readonly timeout: number
}

/** What the coordinator hears of one driver. */
interface MemberEvents {
  readonly signal: AbortSignal
  readonly opened: () => void
  readonly closed: () => void
  /** Further bins are known; where this is given, also those of the window are. */
  readonly counted?: (() => void) | undefined
}

/** Starts a load at one driver, which then waits for `begin`. */
export function fleetMember(
  channel: DriverChannel,
  { load, url, timeout }: MemberLoad,
  { signal, opened, closed, counted }: MemberEvents,
): FleetMember {
  const bins: number[] = []
  const ready = Promise.withResolvers<void>()
  const silent = Promise.withResolvers<never>()
  let lost: Error | undefined
  let warmedUp = false
  const watch = silenceWatch(silentMs, () => {
    const message = `${channel.name} was silent for ${silentMs / 1e3} s`
    silent.reject(new ProcessError(message, 'It is stopped.'))
  })
  const messages: Readonly<Record<string, (payload: unknown) => void>> = {
    ready: () => ready.resolve(),
    bins(counts) {
      bins.push(...(counts as number[]))
      counted?.()
    },
    warmedUp: () => {
      warmedUp = true
    },
    alive: () => {},
    opened,
    closed,
  }
  const listening = Object.entries(messages).map(([event, handle]) =>
    channel.on(event, (payload) => {
      watch.heard()
      handle(payload)
    }),
  )
  const observed = counted !== undefined && { observed: true }
  const driven = channel.call<DriverReport>(
    'drive',
    { load, url: url.href, ...observed },
    { timeout, signal },
  )
  const report = Promise.race([driven, silent.promise])
    .catch((error: Error) => {
      if (signal.aborted || !(error instanceof ProcessError)) throw error
      lost = error
      return undefined
    })
    .finally(() => {
      watch[Symbol.dispose]()
      for (const stop of listening) stop()
    })
  report.then(() => ready.resolve(), ready.reject)
  ready.promise.catch(() => undefined)

  return {
    bins,
    ready: ready.promise,
    report,
    get warmedUp() {
      return warmedUp
    },
    get lost() {
      return lost
    },
    send(message, payload) {
      const received = channel.call(message, payload).catch(() => undefined)
      return Promise.race([received, report.catch(() => undefined)])
    },
  }
}
