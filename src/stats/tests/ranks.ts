/** Ranks from 1, in the order of the values; equal values share the mean of their ranks. */
export function midranks(values: readonly number[]): number[] {
  const ranks = new Array<number>(values.length)
  for (const { positions, first } of ties(values)) {
    const shared = first + (positions.length - 1) / 2
    for (const position of positions) ranks[position] = shared
  }
  return ranks
}

/** Sum of t³ − t over the groups of t equal values: the tie correction of the variance of a rank sum. */
export function tieCorrection(values: readonly number[]): number {
  return ties(values).reduce((sum, { positions: { length: t } }) => sum + t ** 3 - t, 0)
}

/** Groups of equal values in rising order: their positions, and the rank of the first. */
function ties(values: readonly number[]): { positions: number[]; first: number }[] {
  const order = values
    .map((_, i) => i)
    .sort((a, b) => (values[a] as number) - (values[b] as number))
  const groups: { positions: number[]; first: number }[] = []
  order.forEach((position, i) => {
    const last = groups.at(-1)
    if (last && values[last.positions[0] as number] === values[position]) {
      last.positions.push(position)
    } else groups.push({ positions: [position], first: i + 1 })
  })
  return groups
}
