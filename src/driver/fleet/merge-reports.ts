import { decode, merge } from '../../stats/histogram/histogram.ts'
import { mergeConnectionFacts } from '../connection-facts.ts'
import { type Counts, type DriverReport, isDropReason, maxErrorKinds } from '../driver.ts'
import type { SlowReport } from '../slow-report.ts'
import { mergeTimelines, type OutcomeTimeline } from './merge-timelines.ts'
import { mergeVisits } from './merge-visits.ts'
import { sumsByIndex } from './sums-by-index.ts'

/** The report of one driver, with its number in the fleet, from 1. */
export interface NumberedReport {
  readonly number: number
  readonly report: DriverReport
}

/** The part of one driver in the report of its fleet. Seconds; fractions of the window. */
interface DriverPart {
  /** From 1. */
  readonly number: number
  readonly window: Counts
  readonly total: Counts
  readonly cpuSeconds?: number
  /** `driverBusy` and `driverStalled` of its report. */
  readonly busy?: number
  readonly stalled?: number
  /** Medians of its latency, and of its lateness in an open loop; absent where nothing was recorded. */
  readonly latencyP50?: number
  readonly latenessP50?: number
}

/** The reports of all drivers of a fleet as that of one. */
export interface MergedReport extends Omit<DriverReport, 'course' | 'cpuSeconds' | 'slow'> {
  readonly course?: OutcomeTimeline
  /** The slowest requests of each driver that knows them. */
  readonly slow: readonly SlowReport[]
  /** The drivers that reported, by their numbers. */
  readonly drivers: readonly DriverPart[]
}

/**
 * Merges reports of one load. Counts and histograms are those of one driver that had sent all requests; means are
 * weighted by their requests; the driver was as busy, and as stalled, as the busiest and the most stalled one.
 */
export function mergeReports(
  numbered: readonly [NumberedReport, ...NumberedReport[]],
): MergedReport {
  const reports = numbered.map(({ report }) => report)
  const window = sumOfCounts(reports.map((one) => one.window))
  const okMeanSeconds = meanOf(
    reports,
    (one) => one.okMeanSeconds,
    (one) => one.window.ok,
  )
  return {
    windowSeconds: average(reports.map((one) => one.windowSeconds)),
    warmupSeconds: average(reports.map((one) => one.warmupSeconds)),
    steady: reports.every((one) => one.steady),
    window,
    total: sumOfCounts(reports.map((one) => one.total)),
    inFlight: {
      opened: sum(reports.map((one) => one.inFlight.opened)),
      closed: sum(reports.map((one) => one.inFlight.closed)),
    },
    latency: mergeEncoded(reports.map((one) => one.latency)),
    ...(okMeanSeconds !== undefined && { okMeanSeconds }),
    meanSeconds: meanOf(reports, (one) => one.meanSeconds, sent) ?? 0,
    ...optional('service', reports, mergeEncoded),
    ...optional('lateness', reports, mergeEncoded),
    ...optional('planned', reports, sum),
    ...optional('visits', reports, mergeVisits),
    ...optional('cutOff', reports, sum),
    ...optional('pacing', reports, ([first]) => first),
    ...optional('connections', reports, mergeConnectionFacts),
    bins: sumsByIndex(reports.map((one) => one.bins)),
    ...optional('driverBusy', reports, (all) => Math.max(...all)),
    ...optional('driverStalled', reports, (all) => Math.max(...all)),
    ...optional('course', reports, mergeTimelines),
    slow: reports.flatMap(({ slow }) => slow ?? []),
    errorKinds: mergeKinds(reports.map((one) => one.errorKinds)),
    drivers: numbered.map(partOf),
  }
}

function partOf({ number, report }: NumberedReport): DriverPart {
  const { window, total, cpuSeconds, driverBusy, driverStalled, latency, lateness } = report
  const [latencyP50, latenessP50] = [latency, lateness].map(medianSeconds)
  return {
    ...{ number, window, total },
    ...(cpuSeconds !== undefined && { cpuSeconds }),
    ...(driverBusy !== undefined && { busy: driverBusy }),
    ...(driverStalled !== undefined && { stalled: driverStalled }),
    ...(latencyP50 !== undefined && { latencyP50 }),
    ...(latenessP50 !== undefined && { latenessP50 }),
  }
}

function medianSeconds(encoded: string | undefined): number | undefined {
  const times = encoded === undefined ? undefined : decode(encoded)
  return times === undefined || times.count === 0 ? undefined : times.percentile(50) / 1e6
}

/** The field of that name, from the reports that have it; nothing where none has. */
function optional<Name extends keyof DriverReport, Merged>(
  name: Name,
  reports: readonly DriverReport[],
  combine: (values: readonly NonNullable<DriverReport[Name]>[]) => Merged,
): { [name in Name]?: Merged } {
  const values = reports.flatMap((report) => {
    const value = report[name]
    return value === undefined ? [] : [value as NonNullable<DriverReport[Name]>]
  })
  return values.length === 0 ? {} : ({ [name]: combine(values) } as { [name in Name]: Merged })
}

/** That of one driver stays as it is. */
function mergeEncoded(encoded: readonly string[]): string {
  const [first = '', ...others] = encoded
  return others.length === 0 ? first : merge(encoded).encode()
}

/** Requests of the window that were sent: those that `meanSeconds` is the mean of. */
function sent({ window }: DriverReport): number {
  return window.ok + window.non2xx + window.errors + window.timeouts
}

/** Mean of means, each weighted by its number; undefined where there is none. */
function meanOf(
  reports: readonly DriverReport[],
  mean: (report: DriverReport) => number | undefined,
  weight: (report: DriverReport) => number,
): number | undefined {
  const [first, ...others] = reports.filter((one) => mean(one) !== undefined && weight(one) > 0)
  if (first === undefined) return undefined
  // A quotient of sums would round the mean of a single driver.
  if (others.length === 0) return mean(first)
  const all = [first, ...others]
  return sum(all.map((one) => (mean(one) ?? 0) * weight(one))) / sum(all.map(weight))
}

function sumOfCounts(counts: readonly Counts[]): Counts {
  const of = (name: keyof Counts) => sum(counts.map((one) => one[name]))
  return {
    ok: of('ok'),
    non2xx: of('non2xx'),
    errors: of('errors'),
    timeouts: of('timeouts'),
    dropped: of('dropped'),
  }
}

/** Errors by kind, the most frequent kinds by name, as one driver does it. */
function mergeKinds(kinds: readonly DriverReport['errorKinds'][]): Record<string, number> {
  const merged = new Map<string, number>()
  for (const [name, count] of kinds.flatMap((one) => Object.entries(one))) {
    merged.set(name, (merged.get(name) ?? 0) + count)
  }
  const { other = 0, ...named } = Object.fromEntries(merged)
  const byCount = Object.entries(named).toSorted(([, a], [, b]) => b - a)
  const isNamed = ([name]: [string, number], i: number) => i < maxErrorKinds || isDropReason(name)
  const rest = sum(byCount.filter((one, i) => !isNamed(one, i)).map(([, count]) => count))
  const kept = Object.fromEntries(byCount.filter(isNamed))
  return other + rest > 0 ? { ...kept, other: other + rest } : kept
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}

function average(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length
}
