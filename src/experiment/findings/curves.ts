import type { Arm, Plan } from '../../plan/plan.ts'
import type { Curve, Finding, ScalingFit as StoredFit, Summary } from '../../result/document.ts'
import type { Reason } from '../../result/reason.ts'
import { projection } from '../../stats/scaling/projection.ts'
import { type ScalingFit, scaling, scalingRows } from '../../stats/scaling/scaling.ts'
import type { ScalingPoint } from '../../stats/scaling/usl.ts'

/** An arm with its finding in the capacity phase. */
interface Row {
  readonly arm: Arm
  readonly finding: Finding
}

/**
 * Throughput over cores, for each target with each algorithm that was measured on more than one number of
 * them. Only rows with a CPU for each worker whose bottleneck was the target enter a fit; every row has the
 * upper bound from the CPU cost of a request.
 */
export function curves(plan: Plan, findings: readonly Finding[]): Curve[] {
  const rows = plan.arms.flatMap((arm): Row[] => {
    const finding = findings.find((one) => one.arm === arm.name && one.phase === 'capacity')
    return finding === undefined || arm.name === plan.control ? [] : [{ arm, finding }]
  })
  const groups = Map.groupBy(rows, ({ arm }) =>
    [arm.variant?.side, arm.target, arm.algorithm].join(' '),
  )
  return [...groups.values()].filter((group) => group.length > 1).map(curveOf)
}

function curveOf(rows: readonly Row[]): Curve {
  const sorted = rows.toSorted((a, b) => a.arm.cores - b.arm.cores)
  const first = sorted[0] as Row
  const valid = sorted.filter(({ finding }) => finding.validity === 'valid')
  const points = valid.flatMap(pointOf)
  const speeds = scalingRows(points)
  const fitted = valid.filter(isLimitedByTarget).flatMap(pointOf)
  // A speed-up over a row that could have done more is neither a bound nor a value.
  const hasBase = valid.some((row) => row.arm.cores === 1 && isLimitedByTarget(row))
  const fit = scaling(fitted)
  const cost = valid.at(-1)?.finding.metrics.cpuPerRequest
  return {
    target: first.arm.target,
    algorithm: first.arm.algorithm,
    points: sorted.map(({ arm, finding }) => {
      const speed = speeds?.find(({ n }) => n === arm.cores)
      return {
        arm: arm.name,
        cores: arm.cores,
        ...(speed &&
          (hasBase || arm.cores === 1) &&
          finding.validity === 'valid' && {
            speedup: speed.speedup,
            efficiency: speed.efficiency,
            ...(!isLimitedByTarget({ arm, finding }) && { isLowerBound: true }),
          }),
        ...(cost && { projection: projected(cost, arm.cores) }),
      }
    }),
    ...(fit && { fit: storedFit(fit) }),
    notes: notesOf(sorted, fitted),
  }
}

/** Whether a throughput is what the target can do: neither driver, backends nor host limited it, nor too little load. */
function isLimitedByTarget({ finding }: Row): boolean {
  return finding.bottleneck === 'target'
}

function pointOf({ arm, finding }: Row): ScalingPoint[] {
  const found = finding.metrics.throughput
  if (found === undefined) return []
  const { center: rate, low, high, interval } = found
  return [{ n: arm.cores, rate, ...(interval === 'confidence' && { interval: { low, high } }) }]
}

/** The throughput that the CPU time per request allows on so many cores: an upper bound, not a forecast. */
function projected(cost: Summary, cores: number): Summary {
  const { center, low, high } = projection(cost, cores).atMost
  return {
    ...cost,
    center,
    low,
    high: Number.isFinite(high) ? high : center,
    warnings: Number.isFinite(high) ? [] : [{ code: 'no-upper-bound', values: {} }],
  }
}

function storedFit({ parameters, intervals, boundary, peak, warnings }: ScalingFit): StoredFit {
  const parameter = (name: 'lambda' | 'sigma' | 'kappa') => ({
    estimate: parameters[name],
    ...(intervals && { interval: { ...intervals.profile[name] } }),
  })
  return {
    lambda: parameter('lambda'),
    sigma: parameter('sigma'),
    kappa: parameter('kappa'),
    ...(peak && { peak: peak.n }),
    boundary: [...boundary],
    warnings: [...warnings],
  }
}

/** Core counts that a scaling law needs. */
const neededForFit = 3

function notesOf(rows: readonly Row[], fitted: readonly ScalingPoint[]): Reason[] {
  const cores = rows
    .filter(({ finding }) => finding.validity === 'oversubscribed')
    .map(({ arm }) => arm.cores)
  const beyondHost: Reason[] =
    cores.length === 0 ? [] : [{ code: 'cores-beyond-host', values: { cores } }]
  const values = { coreCounts: fitted.length, needed: neededForFit }
  return fitted.length < neededForFit
    ? [...beyondHost, { code: 'too-few-core-counts', values }]
    : beyondHost
}
