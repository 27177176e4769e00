import { addCount, ownValue } from '../../kit/own-value.ts'
import type { CheckCounts, LoadSample, SampleCounts } from '../../result/load-sample.ts'
import { type Histogram, histogram } from '../../stats/histogram/histogram.ts'
import type { MetricReport, StageReport, StepReport } from './load-report.ts'

/** Counts what happens to visits and requests, for the whole run by stage and step, and for samples of short intervals. */
export interface LoadCounts {
  /** A visit began so late after it was due. */
  began(stage: number, lateMs: number): void
  /** A visit came to its end, or was cut short. */
  ended(stage: number, isCut: boolean): void
  /** A visit was due and never began. */
  notSent(stage: number, reason: string): void
  /** A request was answered so many milliseconds after it was due. */
  succeeded(stage: number, step: number, ms: number): void
  /** `ms`: from when it was due, where that is known. */
  failed(stage: number, step: number, kind: string, ms?: number): void
  checked(stage: number, step: number, check: string, passed: boolean): void
  /** User-seconds of active users (closed model). */
  userSeconds(stage: number, seconds: number): void
  metric(name: string, kind: MetricReport['kind'], value: number): void
  /** Index of a step by its name; a name that is new gets the next one. */
  stepOf(name: string): number
  /** The samples since the last call: one for each stage in which something happened, and one of `current`. */
  samples(atMs: number, current: number, levels: SampleLevels): LoadSample[]
  /** The counts of each stage. `planned`: its visits or user-seconds by the plan. */
  stages(planned: readonly number[]): StageReport[]
  metrics(): Record<string, MetricReport>
}

/** The load by the plan and the real one in the interval of a sample, for its stage. */
type SampleLevels = (stage: number, began: number) => Pick<LoadSample, 'planned' | 'sent'>

/** Kinds of failure that a step counts one by one; further kinds are counted together as `other`. */
const maxKinds = 16

type Kinds = Record<string, number>
type Tally = { passed: number; failed: number }

/** The requests of one step in one stage: of the interval, and of all before it. */
interface Cell {
  ok: number
  allOk: number
  readonly latency: Histogram
  readonly allLatency: Histogram
  failed: Kinds
  readonly allFailed: Kinds
  readonly checks: Tally
  readonly allChecks: Map<string, Tally>
}

interface StageCounts {
  began: number
  visits: number
  finished: number
  cut: number
  userSeconds: number
  readonly notSent: Kinds
  /** Visits of the interval that never began; they count as failures of no step. */
  dropped: Kinds
  readonly lateness: Histogram
  readonly cells: (Cell | undefined)[]
  changed: boolean
}

/** Counts of 0. */
export function loadCounts(stageCount: number, names: readonly string[]): LoadCounts {
  const stepNames = [...names]
  const all = Array.from({ length: stageCount }, emptyStage)
  const metrics = new Map<string, { -readonly [key in keyof MetricReport]: MetricReport[key] }>()
  const trends = new Map<string, Histogram>()

  const cellOf = (stage: number, step: number): Cell => {
    const counts = all[stage] as StageCounts
    counts.changed = true
    let cell = counts.cells[step]
    if (cell === undefined) {
      cell = emptyCell()
      counts.cells[step] = cell
    }
    return cell
  }

  return {
    began(stage, lateMs) {
      const counts = all[stage] as StageCounts
      counts.began++
      counts.visits++
      counts.changed = true
      counts.lateness.record(lateMs * 1e3)
    },
    ended(stage, isCut) {
      const counts = all[stage] as StageCounts
      if (isCut) counts.cut++
      else counts.finished++
    },
    notSent(stage, reason) {
      const counts = all[stage] as StageCounts
      addTo(counts.notSent, reason)
      addTo(counts.dropped, reason)
      counts.changed = true
    },
    succeeded(stage, step, ms) {
      const cell = cellOf(stage, step)
      cell.ok++
      cell.latency.record(ms * 1e3)
    },
    failed(stage, step, kind) {
      addTo(cellOf(stage, step).failed, kind)
    },
    checked(stage, step, check, passed) {
      const cell = cellOf(stage, step)
      let tally = cell.allChecks.get(check)
      if (tally === undefined) {
        tally = { passed: 0, failed: 0 }
        cell.allChecks.set(check, tally)
      }
      if (passed) {
        tally.passed++
        cell.checks.passed++
      } else {
        tally.failed++
        cell.checks.failed++
      }
    },
    userSeconds(stage, seconds) {
      ;(all[stage] as StageCounts).userSeconds += seconds
    },
    metric(name, kind, value) {
      const known = metrics.get(name) ?? { kind, count: 0, sum: 0, last: 0 }
      metrics.set(name, known)
      known.count++
      known.sum += value
      known.last = value
      if (kind !== 'trend') return
      const trend = trends.get(name) ?? histogram()
      trends.set(name, trend)
      trend.record(value * 1e3)
    },
    stepOf(name) {
      const known = stepNames.indexOf(name)
      return known >= 0 ? known : stepNames.push(name) - 1
    },
    samples(atMs, current, levels) {
      return all.flatMap((counts, stage) => {
        if (!counts.changed && stage !== current) return []
        const level = levels(stage, counts.began)
        counts.began = 0
        counts.changed = false
        return [{ atMs, stage, ...level, ...sampleOf(counts, stepNames) }]
      })
    },
    stages(planned) {
      for (const counts of all) for (const cell of counts.cells) if (cell) settle(cell)
      return all.map((counts, i) => stageReport(counts, planned[i] ?? 0, stepNames))
    },
    metrics() {
      return Object.fromEntries(
        [...metrics].map(([name, one]) => {
          const trend = trends.get(name)
          return [name, trend === undefined ? one : { ...one, trend: trend.encode() }]
        }),
      )
    },
  }
}

function emptyStage(): StageCounts {
  return {
    ...{ began: 0, visits: 0, finished: 0, cut: 0, userSeconds: 0 },
    ...{ notSent: {}, dropped: {}, lateness: histogram(), cells: [], changed: false },
  }
}

function emptyCell(): Cell {
  return {
    ...{ ok: 0, allOk: 0, latency: histogram(), allLatency: histogram() },
    ...{ failed: {}, allFailed: {}, checks: { passed: 0, failed: 0 }, allChecks: new Map() },
  }
}

function addTo(kinds: Kinds, kind: string, times = 1): void {
  const known = ownValue(kinds, kind)
  const isNamed =
    known !== undefined || kind.startsWith('not-sent-') || Object.keys(kinds).length < maxKinds
  const name = isNamed ? kind : 'other'
  addCount(kinds, name, times)
}

/** Moves the counts of the interval to those of the run. */
function settle(cell: Cell): void {
  cell.allOk += cell.ok
  cell.ok = 0
  if (cell.latency.count > 0) {
    cell.allLatency.add(cell.latency)
    cell.latency.reset()
  }
  for (const [kind, times] of Object.entries(cell.failed)) addTo(cell.allFailed, kind, times)
  cell.failed = {}
  cell.checks.passed = 0
  cell.checks.failed = 0
}

/** The counts of the interval, which are then 0 again. */
function sampleOf(
  counts: StageCounts,
  stepNames: readonly string[],
): Omit<LoadSample, 'atMs' | 'stage' | 'planned' | 'sent'> {
  const steps: Record<string, SampleCounts> = {}
  const failed: Kinds = counts.dropped
  counts.dropped = {}
  let ok = 0
  const checks = { passed: 0, failed: 0 }
  const used: Cell[] = []
  for (const [i, cell] of counts.cells.entries()) {
    if (cell === undefined || !isUsed(cell)) continue
    used.push(cell)
    steps[stepNames[i] as string] = {
      ok: cell.ok,
      failed: cell.failed,
      checks: { ...cell.checks } satisfies CheckCounts,
      latency: cell.latency.count === 0 ? '' : cell.latency.encode(),
    }
    ok += cell.ok
    for (const [kind, times] of Object.entries(cell.failed)) addTo(failed, kind, times)
    checks.passed += cell.checks.passed
    checks.failed += cell.checks.failed
  }
  const latency = latencyOf(used, steps)
  for (const cell of used) settle(cell)
  return { ok, failed, checks, latency, steps }
}

function isUsed({ ok, failed, checks }: Cell): boolean {
  return ok > 0 || checks.passed > 0 || checks.failed > 0 || Object.keys(failed).length > 0
}

/** The times of all steps together; those of a single step as they are. */
function latencyOf(cells: readonly Cell[], steps: Readonly<Record<string, SampleCounts>>): string {
  const timed = cells.filter((cell) => cell.latency.count > 0)
  if (timed.length === 0) return ''
  if (timed.length === 1) {
    return Object.values(steps).find((step) => step.latency !== '')?.latency ?? ''
  }
  const all = histogram()
  for (const cell of timed) all.add(cell.latency)
  return all.encode()
}

function stageReport(
  counts: StageCounts,
  planned: number,
  stepNames: readonly string[],
): StageReport {
  const { visits, finished, cut, userSeconds, notSent, lateness, cells } = counts
  const steps = cells.flatMap((cell, i): [string, StepReport][] =>
    cell === undefined
      ? []
      : [
          [
            stepNames[i] as string,
            {
              ok: cell.allOk,
              failed: cell.allFailed,
              checks: Object.fromEntries(cell.allChecks),
              latency: cell.allLatency.encode(),
            },
          ],
        ],
  )
  return {
    planned,
    sent: userSeconds > 0 ? userSeconds : visits,
    ...{ visits, finished, cut, notSent },
    lateness: lateness.encode(),
    steps: Object.fromEntries(steps),
  }
}
