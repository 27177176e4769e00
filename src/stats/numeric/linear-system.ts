/** A square matrix, by rows. */
export type Matrix = readonly (readonly number[])[]

/**
 * The x of A·x = b, by Gaussian elimination with row exchange; undefined where A is singular.
 * For the few parameters of a curve, not for large systems.
 */
export function solve(a: Matrix, b: readonly number[]): number[] | undefined {
  const n = b.length
  const rows = a.map((row, i) => [...row, b[i] as number])
  for (let column = 0; column < n; column++) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) =>
        Math.abs(row[column] as number) > Math.abs(best[column] as number) ? row : best,
      )
    const lead = pivot[column] as number
    if (!(Math.abs(lead) > 0)) return undefined
    rows[rows.indexOf(pivot)] = rows[column] as number[]
    rows[column] = pivot.map((value) => value / lead)
    rows.forEach((row, i) => {
      const factor = row[column] as number
      if (i === column || factor === 0) return
      rows[i] = row.map((value, j) => value - factor * (rows[column]?.[j] as number))
    })
  }
  return rows.map((row) => row[n] as number)
}

/** The inverse of a matrix; undefined where it has none. */
export function inverse(a: Matrix): number[][] | undefined {
  const columns = a.map((_, i) =>
    solve(
      a,
      a.map((_, j) => (i === j ? 1 : 0)),
    ),
  )
  if (columns.some((column) => column === undefined)) return undefined
  return a.map((_, row) => columns.map((column) => column?.[row] as number))
}
