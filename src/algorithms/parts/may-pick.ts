import type { BackendTable } from '../algorithm.ts'

/** Whether a request may be sent to `row`: eligible, with a weight, and not in `tried`. */
export function mayPick(
  table: BackendTable,
  row: number,
  tried: ReadonlySet<number> | undefined,
): boolean {
  return (
    table.eligible[row] === 1 &&
    (table.weight[row] as number) > 0 &&
    (tried === undefined || !tried.has(row))
  )
}
