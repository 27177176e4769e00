import { studentQuantile } from '../distributions/student-t.ts'
import { minForSignedRank } from '../estimates/summary.ts'
import { minSignedRankP } from './signed-rank.ts'

/** Comparisons that are adjusted together, and the pairs that each has. */
interface FamilyDesign {
  readonly size: number
  readonly pairs: number
}

/** Power at which two families are taken to find the same differences. */
const power = 0.9

/** The part of the level that the minimum p of a rank test may take up: at its minimum it needs all pairs on one side. */
const maxMinP = 0.5

/**
 * The pairs with which a family of `size` comparisons finds the differences that a smaller one finds with its own: Holm's
 * first step tests at α ÷ size, so that the smallest difference that the t test finds, (t of the level + t of the power) ÷ √n
 * standard deviations of a pair, takes more pairs to stay where it was. Numbers at which the rank test decides next to its
 * minimum p are left out. No fewer than the smaller family has.
 */
export function pairsForFamily(size: number, from: FamilyDesign, confidence = 0.95): number {
  if (size <= from.size || from.pairs < 2) return from.pairs
  const level = 1 - confidence
  const findable = ({ size: all, pairs: n }: FamilyDesign) =>
    (studentQuantile(1 - level / (2 * Math.max(1, all)), n - 1) + studentQuantile(power, n - 1)) /
    Math.sqrt(n)
  const isAtMinimum = (n: number) => {
    const share = (minSignedRankP(n) * size) / level
    return n >= minForSignedRank && share <= 1 && share > maxMinP
  }
  const allowed = findable(from)
  let pairs = from.pairs
  while (findable({ size, pairs }) > allowed || isAtMinimum(pairs)) pairs++
  return pairs
}
