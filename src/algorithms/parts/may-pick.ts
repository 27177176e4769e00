import type { BackendTable } from '../algorithm.ts'

/** Whether a request that was already sent to the rows in `tried` may be sent to `row`. */
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
