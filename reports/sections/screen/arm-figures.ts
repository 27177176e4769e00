import type { ResultDocument } from '../../../src/result/document.ts'
import type { MetricName } from '../../../src/result/metrics.ts'
import { mark, type Phase, type Row, rowsOf } from '../rows.ts'

/** An arm with its findings in the phases that were run. */
export interface ArmFigures {
  /** Its label, with the cores where arms differ in them, and the mark of a row that is not comparable. */
  readonly name: string
  readonly isControl: boolean
  readonly validity: Row['finding']['validity']
  /** The row of the phase that arms are sorted by. */
  readonly main: Row
  /** The row whose latencies are shown: of the latency phase, where there is one. */
  readonly latency: Row
}

/** What arms are sorted by: throughput, or p99 where there was no capacity phase. */
export interface Ranking {
  readonly phase: Phase
  readonly metric: MetricName
  readonly arms: readonly ArmFigures[]
}

/** The arms of a run, the best first; those that are not comparable behind them, the control last. */
export function rankedArms(document: ResultDocument): Ranking {
  const capacity = rowsOf(document, 'capacity')
  const latency = rowsOf(document, 'latency')
  const phase = capacity.length > 0 ? 'capacity' : 'latency'
  const metric = phase === 'capacity' ? 'throughput' : 'latencyP99'
  const rows = phase === 'capacity' ? capacity : latency
  const cores = new Set(rows.filter(isBalancer).map(({ arm }) => arm.cores))
  const arms = rows.map((main): ArmFigures => {
    const { arm, finding, label } = main
    const isControl = !isBalancer(main)
    const withCores = cores.size > 1 && !isControl ? `${label} ×${arm.cores}` : label
    return {
      name: `${isControl ? `${label} (no balancer)` : withCores}${mark(finding).replace('!', '')}`,
      isControl,
      validity: finding.validity,
      main,
      latency: latency.find((one) => one.arm.name === arm.name) ?? main,
    }
  })
  // One algorithm on several numbers of cores is a curve, not a contest.
  const isCurve =
    cores.size > 1 && new Set(rows.filter(isBalancer).map(({ label }) => label)).size === 1
  const order = (one: ArmFigures) => (isCurve ? one.main.arm.cores : sortKey(one, metric))
  return {
    phase,
    metric,
    arms: arms.toSorted((a, b) => group(a) - group(b) || order(a) - order(b)),
  }
}

function isBalancer({ arm }: Row): boolean {
  return arm.algorithm !== 'none'
}

function group({ isControl, validity }: ArmFigures): number {
  if (isControl) return 3
  return { valid: 0, oversubscribed: 1, invalid: 2 }[validity]
}

/** Ascending from the best. */
function sortKey({ main }: ArmFigures, metric: MetricName): number {
  const center = main.finding.metrics[metric]?.center
  if (center === undefined) return Number.POSITIVE_INFINITY
  return metric === 'throughput' ? -center : center
}
