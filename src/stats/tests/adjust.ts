/**
 * Each p adjusted so that the probability of one false alarm in the whole family stays below the level that it is
 * compared with (family-wise error rate). The order is kept.
 *
 * Source: Holm, Scandinavian Journal of Statistics 6(2), 1979.
 */
export function holm(ps: readonly number[]): number[] {
  return stepDown(ps, (rank) => ps.length - rank)
}

/**
 * As `holm`, with more power, for independent tests. Part of the library for its published test vectors.
 *
 * Source: Hochberg, Biometrika 75(4), 1988.
 */
export function hochberg(ps: readonly number[]): number[] {
  return stepUp(ps, (rank) => ps.length - rank)
}

/**
 * Each p adjusted for the false discovery rate.
 *
 * Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57(1), 1995.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  return stepUp(ps, (rank) => ps.length / (rank + 1))
}

/** As `holm`, with less power: each p times the size of the family. Part of the library for its published test vectors. */
export function bonferroni(ps: readonly number[]): number[] {
  return ps.map((p) => Math.min(1, p * ps.length))
}

/** From the minimum on: the adjusted values must not fall. */
function stepDown(ps: readonly number[], factor: (rank: number) => number): number[] {
  const adjusted = new Array<number>(ps.length)
  ascending(ps).reduce((floor, i, rank) => {
    adjusted[i] = Math.min(1, Math.max(floor, (ps[i] as number) * factor(rank)))
    return adjusted[i]
  }, 0)
  return adjusted
}

/** From the maximum on: the adjusted values must not rise. */
function stepUp(ps: readonly number[], factor: (rank: number) => number): number[] {
  const adjusted = new Array<number>(ps.length)
  ascending(ps).reduceRight((ceiling, i, rank) => {
    adjusted[i] = Math.min(ceiling, (ps[i] as number) * factor(rank))
    return adjusted[i]
  }, 1)
  return adjusted
}

function ascending(ps: readonly number[]): number[] {
  return ps.map((_, i) => i).sort((a, b) => (ps[a] as number) - (ps[b] as number))
}
