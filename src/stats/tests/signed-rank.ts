import { exactP, subsetSums } from '../distributions/rank-sums.ts'
import { asymptoticP } from './asymptotic-p.ts'
import type { RankTest } from './mann-whitney.ts'
import { midranks, tieCorrection } from './ranks.ts'

/** What a signed-rank test found. */
export interface SignedRank {
  /** Sum of the ranks of the positive differences. */
  readonly v: number
  readonly p: number
  /** Differences that are not zero: the test is about these only, as Wilcoxon has it. */
  readonly used: number
}

/**
 * Whether differences lie around 0. Zeros are left out; equal sizes share their ranks, and the exact
 * probability is then that of the ranks as they are.
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
    const counts = subsetSums(ranks.map((rank) => 2 * rank))
    return { v, used: n, p: exactP(counts, 2 * v, alternative) }
  }
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieCorrection(sizes) / 48
  const excess = v - (n * (n + 1)) / 4
  return { v, used: n, p: asymptoticP({ excess, variance, alternative, method }) }
}

/** The least two-sided p that a signed-rank test of `n` differences can reach: all of one sign. */
export function minSignedRankP(n: number): number {
  return Math.min(1, 2 ** (1 - n))
}
