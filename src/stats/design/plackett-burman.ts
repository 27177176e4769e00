/** The first row of the plan of 12 runs: Plackett and Burman, Biometrika 33(4), 1946, table for N = 12. */
const generator = [1, 1, -1, 1, 1, 1, -1, -1, -1, 1, -1] as const

/** Factors that a plan of 12 runs can hold. */
export const maxFactors = generator.length

/** The level of a factor in a run: 1 is the alternative, −1 the default. */
export type Level = 1 | -1

/**
 * The plan of Plackett and Burman: 12 runs for up to 11 factors, each run with a level of every factor. Every factor is at
 * each level in 6 runs, and every pair of factors has each combination of levels 3 times, so that main effects are
 * estimated apart from each other. The last run has every factor at its default.
 *
 * @throws {RangeError} no factor, or more than 11
 */
export function plackettBurman(factors: number): Level[][] {
  if (factors < 1 || factors > maxFactors) {
    throw new RangeError(`a plan of 12 runs holds 1 to ${maxFactors} factors, not ${factors}`)
  }
  const shifted = generator.map((_, shift) =>
    generator.map((_, factor) => generator[(factor + maxFactors - shift) % maxFactors] as Level),
  )
  const rows: Level[][] = [...shifted, generator.map(() => -1 as const)]
  return rows.map((row) => row.slice(0, factors))
}
