import { ProcessError } from '../../kit/errors.ts'
import { silenceWatch } from '../../kit/silence-watch.ts'
import type { LoadSample } from '../../result/load-sample.ts'
import type { DriverLoad } from '../journey/driver-load.ts'
import type { DriverLoadReport } from '../journey/load-report.ts'
import type { DriverChannel } from './fleet-member.ts'
import { keptSamples } from './kept-samples.ts'

/** Why and when a driver of a load test was lost. */
export interface LostLoadDriver {
  /** From 1. */
  readonly number: number
  /** Its name, and how it ended. */
  readonly detail: string
  /** Name of its host, where that is another one. */
  readonly node?: string
  /** Seconds from the begin of the load to its last word, up to which its requests are counted. */
  readonly seconds: number
}

/** One driver under a load test, as its coordinator sees it. */
export interface LoadMember {
  /** Settles when it is ready, or lost. */
  readonly ready: Promise<unknown>
  /** Its report, once it is lost that of its samples. Rejects when the load is at fault. */
  readonly report: Promise<DriverLoadReport>
  readonly lost: LostLoadDriver | undefined
  /** It begins: from now on it must send samples. */
  begun(): void
}

/** Milliseconds without a sample after which a driver is lost: of this host, where the CPU may be busy; and of another one. */
const [silentMs, remoteSilentMs] = [10_000, 3000]

/** Starts a part of a load test at one driver, which then waits for `begin`. `part.driver` is its place, from 0. */
export function loadMember(
  channel: DriverChannel,
  part: DriverLoad,
  {
    timeout,
    sampled,
  }: {
    /** Seconds within which it must have reported. */
    readonly timeout: number
    readonly sampled: (samples: readonly LoadSample[]) => void
  },
): LoadMember {
  const ready = Promise.withResolvers<void>()
  const silent = Promise.withResolvers<never>()
  const kept = keptSamples()
  let lost: LostLoadDriver | undefined
  let watch: ReturnType<typeof silenceWatch> | undefined
  const stops = [
    channel.on('ready', () => ready.resolve()),
    channel.on('samples', (samples) => {
      watch?.heard()
      kept.add(samples as LoadSample[])
      sampled(samples as LoadSample[])
    }),
  ]
  const driven = channel.call<DriverLoadReport>('load', part, { timeout })
  const report = Promise.race([driven, silent.promise])
    .catch((error) => {
      if (!(error instanceof ProcessError)) throw error
      const partial = kept.report(part.plan.stages.map(({ model }) => model))
      lost = {
        ...{ number: part.driver + 1, detail: error.message, seconds: partial.seconds },
        ...(channel.remote && { node: channel.remote.node }),
      }
      return partial
    })
    .finally(() => {
      watch?.[Symbol.dispose]()
      for (const stop of stops) stop()
    })
  report.then(() => ready.resolve(), ready.reject)
  ready.promise.catch(() => undefined)
  return {
    ready: ready.promise,
    report,
    get lost() {
      return lost
    },
    begun() {
      if (lost !== undefined) return
      const ms = channel.remote === undefined ? silentMs : remoteSilentMs
      watch = silenceWatch(ms, () => {
        const message = `${channel.name} was silent for ${ms / 1e3} s`
        silent.reject(new ProcessError(message, 'It is stopped, or its host is.'))
      })
    },
  }
}
