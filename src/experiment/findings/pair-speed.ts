import type { Measurement } from '../../result/document.ts'
import { meanInterval } from '../../stats/estimates/student-interval.ts'
import type { SummaryWarning } from '../../stats/estimates/summary-warning.ts'
import type { Pair } from '../../stats/tests/comparison.ts'
import { adjustedMean } from '../../stats/tests/covariance.ts'
import { minMargin } from '../../stats/tests/noise-floor.ts'
import { minFreedom, moved, type Question, yardstickOf } from './host-speed.ts'

/** The two sides of a pair: a valid trial of each arm, of the same block. */
export interface TrialPair {
  readonly values: Pair
  readonly trials: readonly [base: Measurement, other: Measurement]
  /** The trial that is averaged with that of the base. */
  readonly twin?: Measurement | undefined
}

/**
 * The difference that the reference load (yardstick) may have between two arms, as a fraction of δ, times its slope. A
 * difference that the arms themselves make is not told from one that the host makes, and enters the ratio in full.
 */
const sharedOfMargin = 0.5

/** The covariate of the pairs of two arms, or why the ratio stays as measured. */
export interface PairSpeed {
  /** Log-ratio of the yardsticks of each pair. */
  readonly covariate?: readonly number[]
  readonly warnings: readonly SummaryWarning[]
}

const asMeasured: PairSpeed = { warnings: [] }

/**
 * Whether the speed of the host may be taken out of the ratio of two arms, by the cost of the reference load beside each
 * trial: only if the reference load is shown to cost the same beside both arms (its 95 % interval lies within half of δ,
 * over the slope), and if both or neither kept its CPUs busy. Otherwise a difference that an arm makes in the reference
 * load, by the caches or the CPUs that it leaves, would be a difference of the arms.
 */
export function pairSpeed(pairs: readonly TrialPair[], { phase, metric }: Question): PairSpeed {
  const side = moved[metric]
  if (side === undefined || phase !== 'capacity') return asMeasured
  const covariate = pairs.map(({ trials: [base, other], twin = base }) => {
    const [first, second, to] = [base, twin, other].map(yardstickOf)
    if (first === undefined || second === undefined || to === undefined) return undefined
    return to - (first + second) / 2
  })
  if (pairs.length - 2 < minFreedom || !covariate.every((x) => x !== undefined)) return asMeasured
  const logs = pairs.map(({ values: [base, other] }) => Math.log(other / base))
  const slope = adjustedMean(logs, covariate, 0.95)?.slope ?? 0
  if (slope * side <= 0) return asMeasured
  if (busy(pairs, 0) !== busy(pairs, 1)) {
    return { warnings: [{ code: 'yardstick-one-arm-idle', values: {} }] }
  }
  const { center, low, high } = meanInterval(covariate)
  const limit = (sharedOfMargin * Math.log1p(minMargin)) / Math.abs(slope)
  if (low > -limit && high < limit) return { covariate, warnings: [] }
  const difference = { center: Math.exp(center), low: Math.exp(low), high: Math.exp(high) }
  return { warnings: [{ code: 'yardstick-not-equal', values: difference }] }
}

/** Whether the target of most trials of one arm used up its CPUs. */
function busy(pairs: readonly TrialPair[], side: 0 | 1): boolean {
  const full = pairs.filter(({ trials }) => trials[side].verdict.bottleneck === 'target')
  return full.length > pairs.length / 2
}
