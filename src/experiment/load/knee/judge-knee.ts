import type { Stage } from '../../../plan/load/load-plan.ts'
import type { LoadSample } from '../../../result/load-sample.ts'
import { type RampKnee, rampKnee } from './ramp-knee.ts'
import { type SteadyKnee, steadyKnee } from './steady-knee.ts'
import { requestsPerVisit, throughputCurve } from './throughput-curve.ts'

/** A load that is over: its stages and its samples. */
export interface LoadRun {
  readonly stages: readonly Stage[]
  readonly samples: readonly LoadSample[]
}

/** The knee of a target, from a ramp up and down and from held rates. Rates in requests per second. */
export interface Knee {
  /**
   * `found`: the ramp's knee lies in the interval of the steady one. `ramp-too-fast`: it does not, or is not known to 10 %, or
   * the ramp has too few samples for one.
   * `not-reached`: throughput followed the plan to the highest rate. `undecided`: the holds show no knee.
   */
  readonly outcome: 'found' | 'ramp-too-fast' | 'not-reached' | 'undecided'
  readonly ramp?: RampKnee
  readonly steady?: SteadyKnee
  /** How much lower than its knee the ramp was when the target had recovered from overload. */
  readonly hysteresis?: number
}

/** Difference of the two knees that is always allowed, as a fraction. */
const tolerance = 0.03

/** Half-width of the ramp's own 95 % interval beyond which it says nothing, as a fraction. */
const maxHalfWidth = 0.1

/** Rates that are held, as fractions of the knee of the ramp. */
const heldFractions = [0.8, 0.9, 1, 1.1, 1.2]

/** The knee of ramps that are over, in visits per second; undefined where there is none, so that nothing is held. */
export function kneeOfRamps(ramps: LoadRun): number | undefined {
  const perVisit = requestsPerVisit(ramps.samples)
  const found = rampKnee(throughputCurve(ramps.samples, { ...ramps, perVisit }))
  return typeof found === 'string' ? undefined : found.rate / perVisit
}

/** The stages that hold five rates around a knee (visits per second), so many seconds each, in rising order. */
export function holdStages(knee: number, seconds: number): Stage[] {
  return heldFractions.map((fraction) => ({
    name: `hold ${Math.round(100 * fraction)} %`,
    ...{ seconds, model: 'open', from: fraction * knee, to: fraction * knee },
  }))
}

/** Judges the knee from ramps and, where they have one, from holds around it. */
export function judgeKnee(ramps: LoadRun, holds: LoadRun | undefined): Knee {
  const perVisit = requestsPerVisit(ramps.samples)
  const ramp = rampKnee(throughputCurve(ramps.samples, { ...ramps, perVisit }))
  if (ramp === 'followed') return { outcome: 'not-reached' }
  if (ramp === 'too-few-points') return { outcome: 'ramp-too-fast' }
  const steady =
    holds && steadyKnee(throughputCurve(holds.samples, { stages: holds.stages, perVisit }))
  return {
    outcome: outcomeOf(ramp, steady),
    ramp,
    ...(steady && { steady }),
    ...(ramp.recoveredAt !== undefined && { hysteresis: ramp.rate - ramp.recoveredAt }),
  }
}

function outcomeOf(ramp: RampKnee, steady: SteadyKnee | undefined): Knee['outcome'] {
  if (2 * ramp.error > maxHalfWidth * ramp.rate) return 'ramp-too-fast'
  if (steady === undefined) return 'undecided'
  const low = Math.min(steady.low, steady.rate * (1 - tolerance))
  // Without an upper end every rate was followed, up to beyond the knee of the ramp.
  const high = steady.high && Math.max(steady.high, steady.rate * (1 + tolerance))
  return high !== undefined && ramp.rate >= low && ramp.rate <= high ? 'found' : 'ramp-too-fast'
}
