import type { Phase } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import type { MetricName } from '../../result/metrics.ts'
import { commonSlope } from '../../stats/regression/common-slope.ts'
import { costsOf } from './metrics-of.ts'

/** The direction in which a slow host moves a metric: costs up, throughput down. */
export const moved: Partial<Record<MetricName, 1 | -1>> = {
  throughput: -1,
  cpuPerRequest: 1,
  driverCpuPerRequest: 1,
  backendsCpuPerRequest: 1,
}

/** Degrees of freedom from which on the correction is worth the error of the slope. */
export const minFreedom = 6
/** Spread of the reference load below which nothing is corrected. */
const minSpread = 0.01
/** The steepest slope that is used. A judgement: 1.2 to 1.4 were measured. */
const maxSlope = 2

/** One metric in one phase. */
export interface Question {
  readonly phase: Phase
  readonly metric: MetricName
}

/** A correction for the speed of the host. */
export interface HostSpeed {
  /** Slope of a metric's logarithm over that of the reference load; 0: no correction. */
  readonly slope: number
  /** The factor for a trial's value. */
  level(measurement: Measurement): number
}

/** No correction. */
export const uncorrected: HostSpeed = { slope: 0, level: () => 1 }

/**
 * The correction of a metric for the speed of the host between two runs of one arm, by the cost x of the reference load
 * (yardstick) beside each trial: y·(x̄/x)^β, with the common slope β of log y over log x within the runs (analysis of
 * covariance). The arm beside the reference load is the same in both runs, so a difference of it is the host's. Within one
 * run pair-speed.ts does this, by pairs.
 */
export function hostSpeed(
  runs: readonly (readonly Measurement[])[],
  { phase, metric }: Question,
): HostSpeed {
  const side = moved[metric]
  if (side === undefined || phase !== 'capacity') return uncorrected
  const seen = runs.flatMap((trials, run) => observed(trials, { phase, metric, run }))
  if (seen.some(({ x }) => x === undefined)) return uncorrected
  const known = seen as { arm: string; x: number; y: number }[]
  const groups = [...Map.groupBy(known, ({ arm }) => arm).values()]
  const { slope, spread, freedom } = commonSlope(groups)
  if (freedom < minFreedom || spread < minSpread || slope * side <= 0) return uncorrected
  const kept = side * Math.min(maxSlope, slope * side)
  const mean = known.reduce((sum, { x }) => sum + x, 0) / known.length
  return {
    slope: kept,
    level(measurement) {
      const x = yardstickOf(measurement)
      return x === undefined ? 1 : Math.exp(-kept * (x - mean))
    },
  }
}

/** Highest ÷ lowest cost of the reference load over the trials; undefined where it was not measured. */
export function speedRange(trials: readonly Measurement[]): number | undefined {
  const seen = trials.flatMap((trial) => yardstickOf(trial) ?? [])
  return seen.length < 2 ? undefined : Math.exp(Math.max(...seen) - Math.min(...seen))
}

function observed(
  trials: readonly Measurement[],
  { phase, metric, run }: Question & { run: number },
) {
  return trials.flatMap((measurement) => {
    const { trial, verdict } = measurement
    const value = costsOf(measurement)[metric]
    if (trial.phase !== phase || !verdict.valid || value === undefined || value <= 0) return []
    return [{ arm: `${run} ${trial.arm}`, x: yardstickOf(measurement), y: Math.log(value) }]
  })
}

/** Logarithm of the reference load's cost, the mean over the CPU sets; undefined where it was not measured. */
export function yardstickOf({ host, trial }: Measurement): number | undefined {
  const units = (host.yardstick ?? []).map(({ unitSeconds }) => unitSeconds)
  if (trial.phase !== 'capacity' || units.length === 0 || units.some((unit) => !(unit > 0))) return
  return units.reduce((sum, unit) => sum + Math.log(unit), 0) / units.length
}
