import { minMargin } from '../tests/noise-floor.ts'
import type { MainEffect } from './main-effects.ts'

/** Factors that a screen passes on: each is confirmed in pairs, which takes most of the time. */
const mostKept = 3

/** Effects below half of the minimum margin are no difference in pairs either: a quiet host finds many of them. */
const leastEffect = Math.log1p(minMargin / 2)

/** The factors that moved the response by an amount that matters, by the size of their effect; at most three. */
export function screenedFactors(effects: readonly MainEffect[]): number[] {
  return effects
    .map((effect, factor) => ({ ...effect, factor }))
    .filter(({ isMoved, center }) => isMoved && Math.abs(center) >= leastEffect)
    .toSorted((a, b) => Math.abs(b.center) - Math.abs(a.center))
    .slice(0, mostKept)
    .map(({ factor }) => factor)
}
