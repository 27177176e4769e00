import { ownValue } from '../../kit/own-value.ts'
import type { CheckCounts } from '../../result/load-sample.ts'
import { merge } from '../../stats/histogram/histogram.ts'
import type {
  DriverLoadReport,
  MetricReport,
  StageReport,
  StepReport,
} from '../journey/load-report.ts'
import type { SlowReport } from '../slow-report.ts'
import { mergedHistogram, sumOfKinds } from './merge-samples.ts'

/** The reports of all drivers of a load test as that of one. */
export type MergedLoadReport = Omit<DriverLoadReport, 'slow'> & {
  readonly drivers: number
  /** The slowest requests of each driver. */
  readonly slow: readonly SlowReport[]
}

/** Merges reports: counts and histograms are those of one driver; it was as busy as the busiest one. */
export function mergeLoadReports(
  reports: readonly [DriverLoadReport, ...DriverLoadReport[]],
): MergedLoadReport {
  const [first] = reports
  const ownCode = reports.flatMap((one) => one.ownCode ?? [])
  const endedBy = reports.find((one) => one.endedBy !== undefined)?.endedBy
  return {
    stages: first.stages.map((_, i) =>
      mergedStage(reports.map((one) => one.stages[i] as StageReport)),
    ),
    unfinished: sum(reports.map((one) => one.unfinished)),
    seconds: Math.max(...reports.map((one) => one.seconds)),
    metrics: mergedMetrics(reports.map((one) => one.metrics)),
    busy: Math.max(...reports.map((one) => one.busy)),
    stalled: Math.max(...reports.map((one) => one.stalled)),
    cpuSeconds: sum(reports.map((one) => one.cpuSeconds)),
    ...(ownCode.length > 0 && { ownCode: Math.max(...ownCode) }),
    aborted: reports.some((one) => one.aborted),
    slow: reports.flatMap(({ slow }) => slow ?? []),
    ...(endedBy !== undefined && { endedBy }),
    drivers: reports.length,
  }
}

function mergedStage(stages: readonly StageReport[]): StageReport {
  const total = (name: 'planned' | 'sent' | 'visits' | 'finished' | 'cut') =>
    sum(stages.map((one) => one[name]))
  return {
    planned: total('planned'),
    sent: total('sent'),
    visits: total('visits'),
    finished: total('finished'),
    cut: total('cut'),
    notSent: sumOfKinds(stages.map(({ notSent }) => notSent)),
    lateness: mergedHistogram(stages.map(({ lateness }) => lateness)),
    steps: mergeSteps(stages.map(({ steps }) => steps)),
  }
}

/** The requests of each step of several drivers, by its name. */
export function mergeSteps(
  all: readonly Readonly<Record<string, StepReport>>[],
): Record<string, StepReport> {
  const names = new Set(all.flatMap((steps) => Object.keys(steps)))
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      mergedStep(all.flatMap((steps) => ownValue(steps, name) ?? [])),
    ]),
  )
}

function mergedStep(steps: readonly StepReport[]): StepReport {
  const checks: Record<string, CheckCounts> = {}
  for (const step of steps) {
    for (const [text, { passed, failed }] of Object.entries(step.checks)) {
      const known = checks[text] ?? { passed: 0, failed: 0 }
      checks[text] = { passed: known.passed + passed, failed: known.failed + failed }
    }
  }
  return {
    ok: sum(steps.map(({ ok }) => ok)),
    failed: sumOfKinds(steps.map(({ failed }) => failed)),
    checks,
    latency: mergedHistogram(steps.map(({ latency }) => latency)),
  }
}

function mergedMetrics(
  all: readonly Readonly<Record<string, MetricReport>>[],
): Record<string, MetricReport> {
  const merged = new Map<string, MetricReport>()
  for (const [name, one] of all.flatMap((metrics) => Object.entries(metrics))) {
    const known = merged.get(name)
    merged.set(name, known === undefined ? one : together(known, one))
  }
  return Object.fromEntries(merged)
}

function together(known: MetricReport, one: MetricReport): MetricReport {
  return {
    ...one,
    count: known.count + one.count,
    sum: known.sum + one.sum,
    ...(one.trend !== undefined && {
      trend: merge([known.trend ?? one.trend, one.trend]).encode(),
    }),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
