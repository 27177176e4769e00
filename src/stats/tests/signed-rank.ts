import { exactP, signedRankSums, subsetSums } from '../distributions/rank-sums.ts'
import { asymptoticP } from './asymptotic-p.ts'
import type { RankTest } from './mann-whitney.ts'
import { midranks, tieCorrection } from './ranks.ts'

/** The result of a signed-rank test. */
export interface SignedRank {
  /** Sum of the ranks of the positive differences. */
  readonly v: number
  readonly p: number
  /** Number of differences that are not zero, which alone are tested (Wilcoxon's treatment of zeros). */
  readonly used: number
}

/**
 * Whether differences are centred on 0. Zeros are left out; ties share their ranks, and the exact
 * probability is that of the shared ranks.
 *
 * Source: Wilcoxon, Biometrics Bulletin 1(6), 1945; Hollander and Wolfe, 1973, section 3.1.
 */
export function signedRank(
  differences: readonly number[],
  { alternative = 'two-sided', method = 'exact' }: RankTest = {},
): SignedRank {
  const used = differences.filter((difference) => difference !== 0)
  const sizes = used.map(Math.abs)
  const ranks = midranks(sizes)
  const v = ranks.reduce((sum, rank, i) => ((used[i] as number) > 0 ? sum + rank : sum), 0)
  const n = used.length
  if (method === 'exact') {
    if (new Set(ranks).size === n) {
      return { v, used: n, p: exactP(signedRankSums(n), v, alternative) }
    }
    // Shared ranks are multiples of a half.
    const counts = subsetSums(ranks.map((rank) => 2 * rank))
    return { v, used: n, p: exactP(counts, 2 * v, alternative) }
  }
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieCorrection(sizes) / 48
  const excess = v - (n * (n + 1)) / 4
  return { v, used: n, p: asymptoticP({ excess, variance, alternative, method }) }
}

/** The minimum two-sided p of a signed-rank test of `n` differences: all of one sign. */
export function minSignedRankP(n: number): number {
  return Math.min(1, 2 ** (1 - n))
}
