import type { Load } from '../../plan/plan.ts'
import { beginTogether, type FleetStart } from './begin-together.ts'
import { type DifferingDriver, differingDrivers } from './differing-drivers.ts'
import { divideLoad } from './divide-load.ts'
import { type DriverChannel, type FleetMember, fleetMember } from './fleet-member.ts'
import { type MergedReport, mergeReports, type NumberedReport } from './merge-reports.ts'
import { sumsByIndex } from './sums-by-index.ts'
import { warmUp } from './warm-up.ts'

/** A driver whose part of the load is unknown. */
interface LostDriver {
  /** From 1. */
  readonly number: number
  readonly of: number
  /** Its name and how it ended. */
  readonly detail: string
}

/** The report of a fleet: that of its drivers together, and what is wrong with single ones. */
export interface FleetReport extends MergedReport {
  /** Drivers that ended, failed or became silent: the report lacks their requests. */
  readonly lost: readonly LostDriver[]
  /** Drivers that measured other latencies than the others. */
  readonly differing: readonly DifferingDriver[]
  /** How far apart drivers on other hosts began. */
  readonly start?: FleetStart
}

/** Follows a load while it is driven, for a live view. */
export interface LoadObserver {
  /** All drivers begin. */
  begun(load: Load): void
  /** Responses of all drivers together in each further 100 ms since then. */
  counted(responses: readonly number[]): void
}

/** A load for a fleet. */
export interface FleetLoad {
  /** The load of all drivers together. */
  readonly load: Load
  readonly url: URL
  readonly signal: AbortSignal
  /** Called at the edges of the measured window, those of the first driver that reaches them: the meters read their counters. */
  readonly opened?: () => void
  readonly closed?: () => void
  readonly observer?: LoadObserver | undefined
}

/** Seconds after warm-up, window and time-outs within which a driver must have reported. */
const reportSlack = 15

/**
 * Drives a load by all drivers together: divides it, starts it everywhere once the last driver is ready, opens the window
 * once the throughput of all together is steady, and merges the reports. The coordinator and the drivers share
 * messages only: neither memory, nor a clock, nor a host.
 *
 * @throws {UsageError} the load cannot be driven
 * @throws {ProcessError} every driver is lost
 * @throws the signal's reason, once it aborts
 */
export async function driveFleet(
  channels: readonly DriverChannel[],
  { load, url, signal, opened = () => {}, closed = () => {}, observer }: FleetLoad,
): Promise<FleetReport> {
  const [callOpened, callClosed] = [once(opened), once(closed)]
  const timeout = load.warmup.most + load.duration + 2 * load.timeout + reportSlack
  const loads = divideLoad(load, channels.length)
  const counted = observer && reportBins(() => members, observer)
  const members: readonly FleetMember[] = channels.map((channel, i) =>
    fleetMember(
      channel,
      { load: loads[i] as Load, url, timeout },
      { signal, opened: callOpened, closed: callClosed, counted },
    ),
  )
  const over = Promise.all(members.map(({ report }) => report))
  try {
    await Promise.all(members.map(({ ready }) => ready))
    // The warm-up counts from when the last driver has begun.
    observer?.begun(load)
    const start = await beginTogether(
      channels.map((channel, i) => ({ channel, over: (members[i] as FleetMember).report })),
    )
    await openWindow(members, { load, signal, over })
    return { ...reportOf(members, await over), ...(start && { start }) }
  } catch (error) {
    over.catch(() => undefined)
    for (const one of members) void one.send('abort')
    throw error
  }
}

/** Opens the window of all drivers once their throughput is steady; not at all when all of them have ended before. */
async function openWindow(
  members: readonly FleetMember[],
  {
    load,
    signal,
    over,
  }: { readonly load: Load; readonly signal: AbortSignal; readonly over: Promise<unknown> },
): Promise<void> {
  const ended = new AbortController()
  const either = AbortSignal.any([signal, ended.signal])
  const end = () => ended.abort()
  over.then(end, end)
  const present = () => presentOf(members)
  const drivers = {
    bins: () => sumOfBins(present()),
    warmedUp: () => present().every(({ warmedUp }) => warmedUp),
  }
  try {
    const steady = await warmUp(load.warmup, drivers, either)
    for (const one of members) void one.send('open', { steady })
  } catch (error) {
    if (!ended.signal.aborted) throw error
  }
}

function presentOf(members: readonly FleetMember[]): FleetMember[] {
  return members.filter(({ lost }) => lost === undefined)
}

/** Responses of all drivers in each 100 ms from bin `from` on, as far as all of them have reported. */
function sumOfBins(members: readonly FleetMember[], from = 0): number[] {
  const length = Math.min(...members.map(({ bins }) => bins.length))
  return sumsByIndex(members.map(({ bins }) => bins.slice(from, length)))
}

/** Passes on the bins that no call before has passed on. */
function reportBins(members: () => readonly FleetMember[], observer: LoadObserver): () => void {
  let reported = 0
  return () => {
    const bins = sumOfBins(presentOf(members()), reported)
    if (bins.length === 0) return
    reported += bins.length
    observer.counted(bins)
  }
}

function reportOf(
  members: readonly FleetMember[],
  reports: readonly Awaited<FleetMember['report']>[],
): FleetReport {
  const [first, ...others] = reports.flatMap((report, i): NumberedReport[] =>
    report === undefined ? [] : [{ number: i + 1, report }],
  )
  const lost = members.flatMap((one, i) =>
    one.lost === undefined
      ? []
      : [{ number: i + 1, of: members.length, detail: one.lost.message, error: one.lost }],
  )
  if (first === undefined) throw lost[0]?.error
  const numbered = [first, ...others] as const
  return {
    ...mergeReports(numbered),
    lost: lost.map(({ error: _, ...one }) => one),
    differing: differingDrivers(
      numbered.map(({ number, report }) => ({ number, latency: report.latency })),
      members.length,
    ),
  }
}

function once(call: () => void): () => void {
  let called = false
  return () => {
    if (!called) call()
    called = true
  }
}
