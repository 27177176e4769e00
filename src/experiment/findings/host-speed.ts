import type { Phase } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import type { MetricName } from '../../result/metrics.ts'
import { commonSlope } from '../../stats/regression/common-slope.ts'
import { costsOf } from './metrics-of.ts'

/** Which way a slow host moves a metric, for those that it moves: costs up, throughput down. */
const moved: Partial<Record<MetricName, 1 | -1>> = {
  throughput: -1,
  cpuPerRequest: 1,
  driverCpuPerRequest: 1,
  backendsCpuPerRequest: 1,
}

/** Observations beyond those that the means and the slope take, from which on a slope is worth its own error. */
const leastFreedom = 6
/** Spread of the yardstick below which there is nothing to put right. */
const leastSpread = 0.01
/** The steepest slope that is believed. A judgement: seen were 1.2 to 1.4. */
const steepest = 2

/** One metric in one phase. */
export interface Question {
  readonly phase: Phase
  readonly metric: MetricName
}

/** Puts what trials gave at one speed of the host. */
export interface HostSpeed {
  /** How much of a metric's logarithm goes with that of the yardstick; 0: nothing is put right. */
  readonly slope: number
  /** What a trial's value is to be multiplied by. */
  level(measurement: Measurement): number
}

/** Leaves values as they were measured. */
export const uncorrected: HostSpeed = { slope: 0, level: () => 1 }

/**
 * How the speed of the host, as the yardstick beside each trial saw it, went into a metric of these runs, and how to
 * take it out: y·(x̄/x)^β, with the slope β of log y over log x that all arms share. The yardstick does the same work
 * beside every arm, so that what an arm costs has no part in it; the slope comes from inside the arms alone.
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
  if (freedom < leastFreedom || spread < leastSpread || slope * side <= 0) return uncorrected
  const kept = side * Math.min(steepest, slope * side)
  const mean = known.reduce((sum, { x }) => sum + x, 0) / known.length
  return {
    slope: kept,
    level(measurement) {
      const x = yardstickOf(measurement)
      return x === undefined ? 1 : Math.exp(-kept * (x - mean))
    },
  }
}

/** How much dearer the yardstick was in its dearest trial than in its cheapest; undefined where it was not there. */
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

/** Logarithm of what the yardstick cost, the mean over the CPU sets; undefined where it was not there. */
function yardstickOf({ host, trial }: Measurement): number | undefined {
  const units = (host.yardstick ?? []).map(({ unitSeconds }) => unitSeconds)
  if (trial.phase !== 'capacity' || units.length === 0 || units.some((unit) => !(unit > 0))) return
  return units.reduce((sum, unit) => sum + Math.log(unit), 0) / units.length
}
