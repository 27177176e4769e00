import type { ResultDocument } from '../../src/result/document.ts'
import { minPairs } from '../../src/stats/tests/comparison.ts'
import { byEffect, decidingEffect } from './tune.ts'

/** Maximum values that are measured once more. */
const most = 3

/** The values of a run of `lb tune` that are open and nearest to an answer, and the trials of each that take no longer than it, but enough to decide. */
export interface UndecidedKnobs {
  readonly arms: readonly string[]
  readonly trials: number
  /** All that are open. */
  readonly count: number
}

/** Undefined where nothing is open, or where fewer values allow no more trials. */
export function undecidedKnobs({ tune, plan }: ResultDocument): UndecidedKnobs | undefined {
  const open = (tune?.knobs ?? []).filter(
    ({ answer }) => answer === 'inconclusive' || answer === 'too few trials',
  )
  if (open.length === 0 || tune?.screen !== undefined) return undefined
  const arms = byEffect(open)
    .toSorted((a, b) => distance(b) - distance(a))
    .slice(0, most)
    .map(({ arm }) => arm)
  // Beside them are the default and its twin.
  const inSameTime = Math.floor((plan.blocks * plan.arms.length) / (arms.length + 2))
  const trials = Math.max(inSameTime, minPairs(0.95))
  return trials > plan.blocks ? { arms, trials, count: open.length } : undefined
}

/** How many half intervals the estimate is away from no change. */
function distance(one: Parameters<typeof decidingEffect>[0]): number {
  const { ratio } = decidingEffect(one) ?? {}
  if (ratio === undefined) return 0
  const half = Math.log(ratio.high / ratio.low) / 2
  return half > 0 ? Math.abs(Math.log(ratio.center)) / half : 0
}
