/** The number of picks of each row. */
export function countPicks(picks: readonly number[], rows: number): number[] {
  const counts = Array<number>(rows).fill(0)
  for (const row of picks) counts[row] = (counts[row] ?? 0) + 1
  return counts
}

/** Pearson's χ² of the counts against shares proportional to the weights, with one degree of freedom less than rows. */
export function chiSquare(counts: readonly number[], weights: readonly number[]): number {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
  const each = sum(counts) / sum(weights)
  return sum(
    counts.map((count, row) => {
      const expected = each * (weights[row] ?? 0)
      return expected === 0 ? 0 : (count - expected) ** 2 / expected
    }),
  )
}
