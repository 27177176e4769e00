import { ProcessError } from '../../kit/errors.ts'
import type { LoadSample } from '../../result/load-sample.ts'
import type { DriverLoad } from '../journey/driver-load.ts'
import type { DriverLoadReport } from '../journey/load-report.ts'
import { beginTogether, type FleetStart } from './begin-together.ts'
import { type DifferingDriver, differingDrivers } from './differing-drivers.ts'
import { partOf } from './divide-load.ts'
import type { DriverChannel } from './fleet-member.ts'
import { type LoadMember, type LostLoadDriver, loadMember } from './load-member.ts'
import { type MergedLoadReport, mergeLoadReports } from './merge-load-reports.ts'
import { mergedHistogram, mergeSamples } from './merge-samples.ts'

/** The load test of a fleet. */
export interface LoadOfFleet {
  /** The load of all drivers together. */
  readonly load: Omit<DriverLoad, 'driver' | 'drivers' | 'warmUp'>
  /** Ends the load early: the report is then a partial one. */
  readonly signal: AbortSignal
  /** All drivers begin. */
  readonly begun?: () => void
  /** About 100 ms of all drivers together. */
  readonly sampled?: (samples: readonly LoadSample[]) => void
}

/** The report of a fleet, and what is known of single drivers. */
export interface LoadFleetReport extends MergedLoadReport {
  /** Drivers that ended, failed or became silent: their requests are counted up to their last sample. */
  readonly lost: readonly LostLoadDriver[]
  /** Drivers that measured other latencies than the others. */
  readonly differing: readonly DifferingDriver[]
  /** How far apart drivers on other hosts began. */
  readonly start?: FleetStart
}

/** Seconds after the load and its time-out within which a driver must have reported. */
const reportSlack = 30

/**
 * Requests by which a driver on another host warms up its code, in 0.25 s: those are compared with each other, and with one
 * that sends all of the rate. A judgement.
 */
const warmUpRequests = 1000

/** Distance of the seeds of two drivers. */
const seedStep = 0x51ed270b

/**
 * Drives a load test by all drivers together: visits, users, connections and requests in flight are divided among them, and
 * they begin once the last of them is ready. Their samples are merged as they come, their reports at the end. The load of
 * a lost driver is not moved to the others.
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
  /** Passes on the next samples of each driver once all of them have sent some. */
  const mergeNext = (): void => {
    const present = queues.filter((_, i) => members[i]?.lost === undefined)
    while (present.length > 0 && present.every(({ length }) => length > 0)) {
      sampled(mergeSamples(present.flatMap((queue) => queue.shift() ?? [])))
    }
  }
  const members: readonly LoadMember[] = channels.map((channel, i) =>
    loadMember(
      channel,
      {
        ...load,
        ...{ driver: i, drivers },
        connections: partOf(load.connections, { drivers, i }),
        maxInFlight: partOf(load.maxInFlight, { drivers, i }),
        seed: i === 0 ? load.seed : (load.seed + i * seedStep) | 0,
        ...(channel.remote && { warmUp: warmUpRequests }),
      },
      {
        timeout,
        sampled(samples) {
          queues[i]?.push(samples)
          mergeNext()
        },
      },
    ),
  )
  const reported = Promise.all(
    members.map(async ({ report }, i) => {
      const one = await report
      // Its code ends the load of the others, too.
      if (one?.endedBy !== undefined) abort()
      // Samples of a lost driver do not wait for those of the others.
      if (members[i]?.lost !== undefined) sampled(mergeSamples(queues[i]?.splice(0).flat() ?? []))
      mergeNext()
      return one
    }),
  )
  const abort = (): void => {
    for (const channel of channels) channel.call('abort').catch(() => undefined)
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.all(members.map(({ ready }) => ready))
    if (signal.aborted) abort()
    begun()
    const start = await beginTogether(
      channels.map((channel, i) => ({ channel, over: (members[i] as LoadMember).report })),
    )
    for (const one of members) one.begun()
    const reports = await reported
    const lost = members.flatMap((one) => one.lost ?? [])
    const [first, ...others] = reports
    if (first === undefined || lost.length === drivers) throw allLost(lost)
    const latencies = reports.map((one, i) => ({ number: i + 1, latency: latencyOf(one) }))
    return {
      ...mergeLoadReports([first, ...others]),
      lost,
      differing: differingDrivers(
        latencies.filter(({ number, latency }) => latency !== '' && !isLost(number, lost)),
        drivers,
      ),
      ...(start && { start }),
    }
  } catch (error) {
    reported.catch(() => undefined)
    abort()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function allLost([first]: readonly LostLoadDriver[]): ProcessError {
  return new ProcessError(first?.detail ?? 'there is no driver', 'Every driver is lost.')
}

function isLost(number: number, lost: readonly LostLoadDriver[]): boolean {
  return lost.some((one) => one.number === number)
}

/** The latencies of all requests of a driver. */
function latencyOf({ stages }: Pick<DriverLoadReport, 'stages'>): string {
  return mergedHistogram(
    stages.flatMap(({ steps }) => Object.values(steps).map(({ latency }) => latency)),
  )
}
