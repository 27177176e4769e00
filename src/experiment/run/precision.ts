import type { Phase, Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import { standardDeviation } from '../../stats/estimates/moments.ts'
import { halfWidth } from '../../stats/estimates/precision.ts'
import { summarise } from '../../stats/estimates/summary.ts'
import { compare } from '../../stats/tests/comparison.ts'
import { uncorrected } from '../findings/host-speed.ts'
import { compared, type Pairs, pairings, pairsOf, valuesOf } from '../findings/pairs.ts'

/** The better direction of a metric does not affect the width of its interval. */
const criteria = { better: 'more', margin: 0 } as const

/**
 * Half-width of the widest interval of a phase, as a fraction: of the ratios between arms by the phase's first
 * metric or, with a single arm, of its estimate. Undefined below 2 blocks.
 */
export function widestInterval(
  plan: Plan,
  measured: readonly Measurement[],
  phase: Phase,
): number | undefined {
  const pairs = allPairs(plan, measured, phase)
  const widths =
    pairs.length > 0 ? pairs.map(ratioWidth) : [ownWidth(ownValues(plan, measured, phase))]
  return widths.some((width) => width === undefined) ? undefined : Math.max(...(widths as number[]))
}

/**
 * The largest spread (standard deviation of the logarithms) of the values behind that width, and the number of
 * blocks. Undefined below 2 blocks.
 */
export function largestSpread(
  plan: Plan,
  measured: readonly Measurement[],
  phase: Phase,
): { readonly spread: number; readonly n: number } | undefined {
  const pairs = allPairs(plan, measured, phase)
  const logs =
    pairs.length > 0
      ? pairs.map((some) => some.pairs.map(([base, other]) => Math.log(other / base)))
      : [ownValues(plan, measured, phase).map(Math.log)]
  const n = Math.min(...logs.map((some) => some.length))
  return n < 2 ? undefined : { spread: Math.max(...logs.map(standardDeviation)), n }
}

function allPairs(plan: Plan, measured: readonly Measurement[], phase: Phase): Pairs[] {
  const [metric] = compared[phase]
  return pairings(plan).map((pairing) => pairsOf(measured, pairing, { phase, metric }))
}

function ratioWidth({ pairs, covariate }: Pairs): number | undefined {
  if (pairs.length < 2) return undefined
  return halfWidth(compare(pairs, { ...criteria, covariate }).ratio)
}

function ownValues(plan: Plan, measured: readonly Measurement[], phase: Phase): number[] {
  const [metric] = compared[phase]
  const arm = plan.arms.find(({ name }) => name !== plan.control) ?? plan.arms[0]
  const reading = { question: { phase, metric }, speed: uncorrected }
  return [...valuesOf(measured, arm?.name ?? '', reading).values()]
}

function ownWidth(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined
  const { low, high, center, interval } = summarise(values)
  return interval === 'range' || low <= 0 ? (high - low) / (2 * center) : halfWidth({ low, high })
}
