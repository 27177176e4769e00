import { type Alternative, exactP, subsetSumsOfSize } from '../distributions/rank-sums.ts'
import { asymptoticP } from './asymptotic-p.ts'
import { midranks, tieCorrection } from './ranks.ts'

/**
 * `exact`: from all ways to split the values in two, so also correct with ties. `asymptotic`: by the
 * normal distribution, with its variance corrected for ties; `asymptotic-continuity`: that with continuity correction.
 */
type RankMethod = 'exact' | 'asymptotic' | 'asymptotic-continuity'

/** Options of a rank test. */
export interface RankTest {
  readonly alternative?: Alternative
  readonly method?: RankMethod
}

/**
 * Whether one of two independent samples tends to larger values. `u`: number of pairs in which x is larger,
 * ties as half.
 *
 * Source: Mann and Whitney, Annals of Mathematical Statistics 18(1), 1947; Hollander and Wolfe,
 * Nonparametric Statistical Methods, 1973, section 4.1.
 */
export function mannWhitney(
  x: readonly number[],
  y: readonly number[],
  { alternative = 'two-sided', method = 'exact' }: RankTest = {},
): { u: number; p: number } {
  const [m, n] = [x.length, y.length]
  const ranks = midranks([...x, ...y])
  const rankSum = ranks.slice(0, m).reduce((sum, rank) => sum + rank, 0)
  const u = rankSum - (m * (m + 1)) / 2
  if (method === 'exact') {
    // Ranks are multiples of ½: doubled they are integers.
    const counts = subsetSumsOfSize(
      ranks.map((rank) => 2 * rank),
      m,
    )
    return { u, p: exactP(counts, 2 * rankSum, alternative) }
  }
  const all = m + n
  const variance = ((m * n) / 12) * (all + 1 - tieCorrection([...x, ...y]) / (all * (all - 1)))
  const excess = u - (m * n) / 2
  return { u, p: asymptoticP({ excess, variance, alternative, method }) }
}
