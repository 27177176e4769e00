/**
 * Each p raised so that the chance of one false alarm in the whole family stays below the level it is
 * compared with. In the order given.
 *
 * Source: Holm, Scandinavian Journal of Statistics 6(2), 1979.
 */
export function holm(ps: readonly number[]): number[] {
  return stepDown(ps, (rank) => ps.length - rank)
}

/**
 * As Holm's, sharper, for tests that do not depend on each other.
 *
 * Source: Hochberg, Biometrika 75(4), 1988.
 */
export function hochberg(ps: readonly number[]): number[] {
  return stepUp(ps, (rank) => ps.length - rank)
}

/**
 * Each p raised so that the expected share of false alarms among all alarms stays below the level.
 *
 * Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57(1), 1995.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  return stepUp(ps, (rank) => ps.length / (rank + 1))
}

/** As Holm's, coarser: each p times the size of the family. */
export function bonferroni(ps: readonly number[]): number[] {
  return ps.map((p) => Math.min(1, p * ps.length))
}

/** From the least p on, none may come out below one that was less. */
function stepDown(ps: readonly number[], factor: (rank: number) => number): number[] {
  const adjusted = new Array<number>(ps.length)
  ascending(ps).reduce((floor, i, rank) => {
    adjusted[i] = Math.min(1, Math.max(floor, (ps[i] as number) * factor(rank)))
    return adjusted[i]
  }, 0)
  return adjusted
}

/** From the greatest p on, none may come out above one that was greater. */
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
