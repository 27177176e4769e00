import { addCount } from '../../../src/kit/own-value.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { mayPrint, percentileWithFailures } from '../../../src/stats/estimates/percentiles.ts'
import { type Histogram, merge } from '../../../src/stats/histogram/histogram.ts'

type Stage = LoadResult['stages'][number]
type Step = Stage['steps'][string]

/** Requests and checks of a stage, or of one step in it. Times in seconds. */
export interface LoadFigures {
  readonly requests: number
  readonly ok: number
  readonly failed: number
  readonly failures: Readonly<Record<string, number>>
  readonly checksPassed: number
  readonly checksFailed: number
  /** Failed requests count as slower than any: infinite where the percentile lies among them; undefined where too few are known. */
  readonly p50?: number | undefined
  readonly p95?: number | undefined
  readonly p99?: number | undefined
}

/** The figures of a stage over all of its steps; percentiles only where it kept its level. */
export function stageFigures(stage: Stage): LoadFigures {
  return figuresOf(Object.values(stage.steps), stage)
}

/** The figures of each step of a stage, in the order in which they were first sent. */
export function stepFigures(
  stage: Stage,
): { readonly name: string; readonly figures: LoadFigures }[] {
  return Object.entries(stage.steps).map(([name, step]) => ({
    name,
    figures: figuresOf([step], stage),
  }))
}

function figuresOf(steps: readonly Step[], { from, to }: Pick<Stage, 'from' | 'to'>): LoadFigures {
  const failures = sumOf(steps.map(({ failed }) => failed))
  const failed = Object.values(failures).reduce((sum, one) => sum + one, 0)
  const checks = steps.flatMap((step) => Object.values(step.checks))
  const ok = steps.reduce((sum, one) => sum + one.ok, 0)
  const counts = {
    ...{ requests: ok + failed, ok, failed, failures },
    checksPassed: checks.reduce((sum, one) => sum + one.passed, 0),
    checksFailed: checks.reduce((sum, one) => sum + one.failed, 0),
  }
  if (from !== to) return counts
  const times = merge(steps.map(({ latency }) => latency))
  const at = (percent: number) => percentile(times, percent, failed)
  return { ...counts, p50: at(50), p95: at(95), p99: at(99) }
}

function percentile(times: Histogram, percent: number, failed: number): number | undefined {
  return mayPrint(percent, times.count + failed)
    ? percentileWithFailures(times, percent, failed) / 1e6
    : undefined
}

/** Counts by name, added up. */
function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const one of all) {
    for (const [name, count] of Object.entries(one)) addCount(sums, name, count)
  }
  return sums
}

/** A check of a step, over all stages. */
export interface CheckFigures {
  readonly step: string
  readonly check: string
  readonly passed: number
  readonly failed: number
}

/** Every check, in the order in which they were first made. */
export function checkFigures({ stages }: LoadResult): CheckFigures[] {
  const found = new Map<string, CheckFigures>()
  for (const { steps } of stages) {
    for (const [step, { checks }] of Object.entries(steps)) {
      for (const [check, { passed, failed }] of Object.entries(checks)) {
        const key = JSON.stringify([step, check])
        const known = found.get(key) ?? { step, check, passed: 0, failed: 0 }
        const sums = { passed: known.passed + passed, failed: known.failed + failed }
        found.set(key, { ...known, ...sums })
      }
    }
  }
  return [...found.values()]
}

/** Failed requests by kind, and visits that never began by reason, over all stages; the most frequent first. */
export function failureKinds({ stages }: LoadResult): [kind: string, count: number][] {
  const sums = sumOf(
    stages.flatMap(({ notSent, steps }) => [
      notSent,
      ...Object.values(steps).map(({ failed }) => failed),
    ]),
  )
  return Object.entries(sums).toSorted(([, a], [, b]) => b - a)
}
