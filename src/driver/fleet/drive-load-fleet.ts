import { ProcessError } from '../../kit/errors.ts'
import type { LoadSample } from '../../result/load-sample.ts'
import type { DriverLoad } from '../journey/driver-load.ts'
import type { DriverLoadReport } from '../journey/load-report.ts'
import { partOf } from './divide-load.ts'
import type { DriverChannel } from './fleet-member.ts'
import { type MergedLoadReport, mergeLoadReports } from './merge-load-reports.ts'
import { mergeSamples } from './merge-samples.ts'

/** The load test of a fleet. */
export interface LoadOfFleet {
  /** The load of all drivers together. */
  readonly load: Omit<DriverLoad, 'driver' | 'drivers'>
  /** Ends the load early: the report is then a partial one. */
  readonly signal: AbortSignal
  /** All drivers begin. */
  readonly begun?: () => void
  /** About 100 ms of all drivers together. */
  readonly sampled?: (samples: readonly LoadSample[]) => void
}

/** The report of a fleet, and the drivers whose part is unknown. */
export interface LoadFleetReport extends MergedLoadReport {
  readonly lost: readonly { readonly number: number; readonly detail: string }[]
}

/** Seconds after the load and its time-out within which a driver must have reported. */
const reportSlack = 30

/** Distance of the seeds of two drivers. */
const seedStep = 0x51ed270b

/**
 * Drives a load test by all drivers together: visits, users, connections and requests in flight are divided among them, and
 * they begin once the last of them is ready. Their samples are merged as they come, their reports at the end.
 *
 * @throws {UsageError} the load cannot be driven: a module of the user cannot be loaded
 * @throws {ProcessError} every driver is lost
 */
export async function driveLoadFleet(
  channels: readonly DriverChannel[],
  { load, signal, begun = () => {}, sampled = () => {} }: LoadOfFleet,
): Promise<LoadFleetReport> {
  const drivers = channels.length
  const seconds = load.plan.stages.reduce((sum, stage) => sum + stage.seconds, 0)
  const timeout = seconds + load.timeout + reportSlack
  const queues = channels.map((): (readonly LoadSample[])[] => [])
  const lost = new Map<number, Error>()
  /** Passes on the next samples of each driver once all of them have sent some. */
  const mergeNext = (): void => {
    const present = queues.filter((_, i) => !lost.has(i))
    while (present.length > 0 && present.every(({ length }) => length > 0)) {
      sampled(mergeSamples(present.flatMap((queue) => queue.shift() ?? [])))
    }
  }
  const stops: (() => void)[] = []
  const members = channels.map((channel, i) => {
    const ready = Promise.withResolvers<void>()
    stops.push(
      channel.on('ready', () => ready.resolve()),
      channel.on('samples', (samples) => {
        queues[i]?.push(samples as LoadSample[])
        mergeNext()
      }),
    )
    const part: DriverLoad = {
      ...load,
      ...{ driver: i, drivers },
      connections: partOf(load.connections, { drivers, i }),
      maxInFlight: partOf(load.maxInFlight, { drivers, i }),
      seed: i === 0 ? load.seed : (load.seed + i * seedStep) | 0,
    }
    const report = channel.call<DriverLoadReport>('load', part, { timeout }).catch((error) => {
      if (!(error instanceof ProcessError)) throw error
      lost.set(i, error)
      mergeNext()
      return undefined
    })
    report.then(() => ready.resolve(), ready.reject)
    ready.promise.catch(() => undefined)
    return { ready: ready.promise, report }
  })
  const abort = (): void => {
    for (const channel of channels) channel.call('abort').catch(() => undefined)
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.all(members.map(({ ready }) => ready))
    if (signal.aborted) abort()
    begun()
    await Promise.all(channels.map((channel) => channel.call('begin').catch(() => undefined)))
    const reports = (await Promise.all(members.map(({ report }) => report))).filter(
      (report) => report !== undefined,
    )
    const [first, ...others] = reports
    if (first === undefined) throw lost.get(0)
    return {
      ...mergeLoadReports([first, ...others]),
      lost: [...lost].map(([i, { message }]) => ({ number: i + 1, detail: message })),
    }
  } catch (error) {
    for (const { report } of members) report.catch(() => undefined)
    abort()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
    for (const stop of stops) stop()
  }
}
