import type { Phase, Plan } from '../plan/plan.ts'
import type { Measurement } from '../result/document.ts'
import type { Pair } from '../stats/comparison.ts'
import { compare } from '../stats/comparison.ts'
import { halfWidth } from '../stats/precision.ts'
import { summarise } from '../stats/summary.ts'
import { compared, pairings, pairsOf, valuesOf } from './pairs.ts'

/** The direction of the metric does not matter for a width. */
const criteria = { better: 'more', margin: 0 } as const

/**
 * Half-width of the widest interval that a phase is about, as a fraction: of the ratios between arms by the
 * phase's leading metric or, where only one arm contends, of its estimate. Undefined below 2 blocks.
 */
export function widest(
  plan: Plan,
  measured: readonly Measurement[],
  phase: Phase,
): number | undefined {
  const [metric] = compared[phase]
  const pairs = pairings(plan).map((pairing) => pairsOf(measured, pairing, { phase, metric }))
  const widths = pairs.length > 0 ? pairs.map(ratioWidth) : [ownWidth(plan, measured, phase)]
  return widths.some((width) => width === undefined) ? undefined : Math.max(...(widths as number[]))
}

function ratioWidth(pairs: readonly Pair[]): number | undefined {
  return pairs.length < 2 ? undefined : halfWidth(compare(pairs, criteria).ratio)
}

function ownWidth(plan: Plan, measured: readonly Measurement[], phase: Phase): number | undefined {
  const [metric] = compared[phase]
  const arm = plan.arms.find(({ name }) => name !== plan.control) ?? plan.arms[0]
  const values = [...valuesOf(measured, arm?.name ?? '', { phase, metric }).values()]
  if (values.length < 2) return undefined
  const { low, high, center, interval } = summarise(values)
  return interval === 'range' || low <= 0 ? (high - low) / (2 * center) : halfWidth({ low, high })
}
