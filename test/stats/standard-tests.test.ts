import { describe, expect, test } from 'vitest'
import { seeded } from '../../src/kit/random.ts'
import { binomialQuantile, binomialUpTo } from '../../src/stats/distributions/binomial.ts'
import { normalAbove } from '../../src/stats/distributions/normal.ts'
import {
  type Alternative,
  fractionUpTo,
  subsetSums,
  sumQuantile,
} from '../../src/stats/distributions/rank-sums.ts'
import { bootstrapMean } from '../../src/stats/estimates/bootstrap.ts'
import { fieller } from '../../src/stats/estimates/fieller.ts'
import { pseudoMedian, shift } from '../../src/stats/estimates/hodges-lehmann.ts'
import { standardDeviation } from '../../src/stats/estimates/moments.ts'
import { type QuantileType, quantile } from '../../src/stats/estimates/quantile.ts'
import { quantileRanks } from '../../src/stats/estimates/quantile-interval.ts'
import { meanInterval } from '../../src/stats/estimates/student-interval.ts'
import { energy } from '../../src/stats/series/energy.ts'
import { benjaminiHochberg, bonferroni, hochberg, holm } from '../../src/stats/tests/adjust.ts'
import { cliffsDelta, varghaDelaneyA12 } from '../../src/stats/tests/effect-size.ts'
import { kolmogorovSmirnov } from '../../src/stats/tests/kolmogorov-smirnov.ts'
import { mannWhitney } from '../../src/stats/tests/mann-whitney.ts'
import { permutationTest, signFlipTest } from '../../src/stats/tests/permutation.ts'
import { minSignedRankP, signedRank } from '../../src/stats/tests/signed-rank.ts'
import { welch } from '../../src/stats/tests/welch.ts'
import { vectors } from './cases.ts'
import { expectClose } from './close.ts'

type Two = readonly [number, number]

/** R writes `two.sided`. */
function alternativeOf({ alternative }: { alternative: string }): Alternative {
  return alternative.replace('.', '-') as Alternative
}

function expectInterval({ low, high }: { low: number; high: number }, right: Two): void {
  expectClose(low, right[0])
  expectClose(high, right[1])
}

interface TwoSamples {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly alternative: string
}

interface MannWhitneyCase extends TwoSamples {
  readonly U_x: number
  readonly p_exact: number | null
  readonly p_exact_conditional_on_ties: number
  readonly p_asymptotic_cc: number
  readonly p_asymptotic_nocc: number
  readonly hodges_lehmann_shift_x_minus_y: number
  readonly hl_ci95_exact: Two | null
  readonly a12_vargha_delaney: number
  readonly cliffs_delta: number
}

describe('Mann–Whitney', () => {
  test.for(vectors<MannWhitneyCase>('mann_whitney'))('$id', (right) => {
    const { x, y } = right
    const alternative = alternativeOf(right)
    const exact = mannWhitney(x, y, { alternative })
    expect(exact.u).toBe(right.U_x)
    expectClose(exact.p, right.p_exact_conditional_on_ties)
    const { p } = mannWhitney(x, y, { alternative, method: 'asymptotic' })
    expectClose(p, right.p_asymptotic_nocc)
    const corrected = mannWhitney(x, y, { alternative, method: 'asymptotic-continuity' })
    expectClose(corrected.p, right.p_asymptotic_cc)
    const estimate = shift(x, y)
    expectClose(estimate.center, right.hodges_lehmann_shift_x_minus_y)
    // R gives none with ties.
    if (right.hl_ci95_exact) expectInterval(estimate, right.hl_ci95_exact)
    expectClose(varghaDelaneyA12(x, y), right.a12_vargha_delaney)
    expectClose(cliffsDelta(x, y), right.cliffs_delta)
  })
})

interface SignedRankCase extends TwoSamples {
  readonly V: number
  readonly p_exact: number
  readonly hodges_lehmann_pseudomedian: number
  readonly ci95: Two
}

describe('Wilcoxon signed rank', () => {
  test.for(vectors<SignedRankCase>('wilcoxon_signed_rank'))('$id', (right) => {
    const differences = right.x.map((x, i) => x - (right.y[i] as number))
    const { v, p } = signedRank(differences, { alternative: alternativeOf(right) })
    expect(v).toBe(right.V)
    expectClose(p, right.p_exact)
    const estimate = pseudoMedian(differences)
    expectClose(estimate.center, right.hodges_lehmann_pseudomedian)
    expectInterval(estimate, right.ci95)
  })

  test('zeros are left out, ties share ranks, and p is exact with both', () => {
    // Ranks 1.5, 1.5, 3, 4: of 16 ways to set their signs 2 give a sum as far from 5 as 10 is.
    const found = signedRank([0, 2, 2, 5, 9, 0])
    expect(found).toEqual({ v: 10, used: 4, p: 2 / 16 })
    expect(signedRank([0, 2, 2, 5, -9]).v).toBe(6)
    expect(signedRank([0, 0])).toEqual({ v: 0, used: 0, p: 1 })
  })

  test('the asymptotic variance is that of the shared ranks', () => {
    const differences = [1, 1, 1, -2, 3, 3, -4, 5, 6, 6]
    const ranks = [2, 2, 2, 4, 5.5, 5.5, 7, 8, 9.5, 9.5]
    const variance = ranks.reduce((sum, rank) => sum + rank ** 2, 0) / 4
    const { v, p } = signedRank(differences, { method: 'asymptotic' })
    expect(v).toBe(55 - 4 - 7)
    expectClose(p, 2 * normalAbove((v - 27.5) / Math.sqrt(variance)))
  })

  const least = vectors<{ table: readonly { n: number; p: number }[] }>(
    'signed_rank_min_two_sided_p',
  ).flatMap(({ table }) => table)
  test.for(least)('$n differences reach p = $p at minimum', ({ n, p }) => {
    expectClose(minSignedRankP(n), p)
    expectClose(signedRank(Array.from({ length: n }, (_, i) => i + 1)).p, p)
  })
})

interface PermutationCase extends TwoSamples {
  readonly obs: number
  readonly p_two_sided: number
  readonly p_greater: number
  readonly n_perm: number
}

test.for(vectors<PermutationCase>('permutation_mean_diff_exact'))('permutations: $id', (right) => {
  const found = permutationTest(right.x, right.y)
  expectClose(found.observed, right.obs)
  expect(found.count).toBe(right.n_perm)
  expectClose(found.twoSided, right.p_two_sided)
  expectClose(found.greater, right.p_greater)
})

test('a permutation that ties up to rounding counts as as extreme', () => {
  const random = seeded(5)
  for (let i = 0; i < 20; i++) {
    const draw = () => Array.from({ length: 5 }, () => Math.floor(random() * 20))
    const [x, y] = [draw(), draw()]
    const tenths = (values: readonly number[]) => values.map((value) => value / 10)
    const whole = permutationTest(x, y)
    const rounded = permutationTest(tenths(x), tenths(y))
    expect([rounded.twoSided, rounded.greater]).toEqual([whole.twoSided, whole.greater])
    const flips = signFlipTest(x.map((value, j) => value - (y[j] as number)))
    const flipped = signFlipTest(x.map((value, j) => value / 10 - (y[j] as number) / 10))
    expect(flipped.p).toBe(flips.p)
  }
})

interface SignFlipCase {
  readonly d: readonly number[]
  readonly obs: number
  readonly p_two_sided: number
}

test.for(vectors<SignFlipCase>('sign_flip_exact_mean'))('sign flips: $id', (right) => {
  const { observed, p } = signFlipTest(right.d)
  expectClose(observed, right.obs)
  expectClose(p, right.p_two_sided)
})

interface KsCase extends TwoSamples {
  readonly D: number
  readonly p_exact: number
}

test.for(vectors<KsCase>('ks_two_sample'))('Kolmogorov–Smirnov: $id', (right) => {
  const { d, p } = kolmogorovSmirnov(right.x, right.y)
  expectClose(d, right.D)
  expectClose(p, right.p_exact)
})

interface WelchCase extends TwoSamples {
  readonly t: number
  readonly df: number
  readonly p: number
  readonly ci95_diff: Two
}

test.for(vectors<WelchCase>('welch_t'))('Welch: $id', (right) => {
  const found = welch(right.x, right.y)
  expectClose(found.t, right.t)
  expectClose(found.df, right.df)
  expectClose(found.p, right.p)
  expectInterval(found, right.ci95_diff)
})

interface MeanCase {
  readonly x: readonly number[]
  readonly mean: number
  readonly sd: number
  readonly ci95: Two
  readonly rel_halfwidth: number
}

test.for(vectors<MeanCase>('t_ci_mean'))('t interval of a mean: $id', (right) => {
  const found = meanInterval(right.x)
  expectClose(found.center, right.mean)
  expectClose(standardDeviation(right.x), right.sd)
  expectInterval(found, right.ci95)
  expectClose((found.high - found.low) / 2 / found.center, right.rel_halfwidth)
})

interface FiellerCase {
  readonly numerator: readonly number[]
  readonly denominator: readonly number[]
  readonly ratio: number
  readonly ci95: Two
}

test.for(vectors<FiellerCase>('fieller_ratio_independent'))('Fieller: $id', (right) => {
  const { ratio, interval } = fieller(right.numerator, right.denominator)
  expectClose(ratio, right.ratio)
  expectInterval(interval ?? { low: Number.NaN, high: Number.NaN }, right.ci95)
})

interface AdjustCase {
  readonly p: readonly number[]
  readonly holm: readonly number[]
  readonly bh: readonly number[]
  readonly bonferroni: readonly number[]
  readonly hochberg: readonly number[]
}

test.for(vectors<AdjustCase>('p_adjust'))('adjusted p: $id', (right) => {
  const ways = { holm, bh: benjaminiHochberg, bonferroni, hochberg }
  for (const [name, adjust] of Object.entries(ways)) {
    const adjusted = right[name as keyof typeof ways]
    adjust(right.p).forEach((p, i) => {
      expectClose(p, adjusted[i] as number)
    })
    // Whatever the order they come in.
    const reversed = adjust(right.p.toReversed()).reverse()
    expect(reversed).toEqual(adjust(right.p))
  }
})

interface RanksCase {
  readonly n: number
  readonly p: number
  readonly lower_rank: number
  readonly upper_rank: number | null
  readonly coverage: number | null
}

describe('order statistics that bound a quantile', () => {
  const rows = vectors<{ table: readonly RanksCase[] }>('quantile_ci_order_statistics').flatMap(
    ({ table }) => table,
  )
  test.for(rows)('p = $p of $n', (right) => {
    const found = quantileRanks(right.n, right.p)
    expect(found.lower).toBe(right.lower_rank)
    expect(found.upper).toBe(right.upper_rank ?? undefined)
    if (right.coverage === null) expect(found.coverage).toBeUndefined()
    else expectClose(found.coverage ?? Number.NaN, right.coverage)
  })
})

interface QuantileCase {
  readonly x: readonly number[]
  readonly probs: readonly number[]
  readonly types: readonly { readonly type: QuantileType; readonly q: readonly number[] }[]
}

test.for(vectors<QuantileCase>('quantile_types_R'))('quantiles: $id', ({ x, probs, types }) => {
  for (const { type, q } of types) {
    probs.forEach((p, i) => {
      expectClose(quantile(x, p, type), q[i] as number)
    })
  }
})

interface BootstrapCase {
  readonly x: readonly number[]
  readonly percentile: Two
  readonly bca: Two
  readonly basic: Two
  readonly tolerance_abs: number
}

test.for(vectors<BootstrapCase>('bootstrap_mean_ci'))('bootstrap: $id', (right) => {
  const found = bootstrapMean(right.x, { random: seeded(1), resamples: 20_000 })
  for (const name of ['percentile', 'bca', 'basic'] as const) {
    expect(Math.abs(found[name].low - right[name][0])).toBeLessThan(right.tolerance_abs)
    expect(Math.abs(found[name].high - right[name][1])).toBeLessThan(right.tolerance_abs)
  }
})

/** `1..299` and `1000,1010,..,4990`: first, second where the step is not 1, last. */
function range(text: string): number[] {
  const numbers = text.match(/\d+/g)?.map(Number) ?? []
  const [first = 0, second = first + 1] = numbers
  const last = numbers.at(-1) ?? first
  const step = numbers.length === 3 ? second - first : 1
  return Array.from({ length: (last - first) / step + 1 }, (_, i) => first + i * step)
}

interface EnergyCase {
  readonly x: string
  readonly y: string
  readonly E: number
  readonly T: number
  readonly H: number
}

test.for(vectors<EnergyCase>('energy_statistic'))('energy distance: $id', (right) => {
  const { e, t, h } = energy(range(right.x), range(right.y))
  expectClose(e, right.E)
  expectClose(t, right.T)
  expectClose(h, right.H)
})

test('the distribution of a rank sum does not overflow with a thousand values', () => {
  // Of 1,100 weights of 1 the sum is binomial.
  const shares = subsetSums(Array.from({ length: 1100 }, () => 1))
  expectClose(fractionUpTo(shares, 520), binomialUpTo(520, 1100, 0.5))
  expect(sumQuantile(shares, 0.025)).toBe(binomialQuantile(0.025, 1100, 0.5))
})
