import type { Algorithm, BackendTable, SharedCells } from '../algorithm.ts'

/** The shared memory of a set of backends and of its algorithm. Sent to workers as it is. */
export interface TableMemory {
  readonly rows: number
  readonly weight: SharedArrayBuffer
  readonly inFlight: SharedArrayBuffer
  readonly eligible: SharedArrayBuffer
  readonly ints: SharedArrayBuffer
  readonly floats: SharedArrayBuffer
}

/**
 * Memory for `rows` backends under `algorithm`, all zero: nothing in flight, no row eligible. One buffer per
 * column, so that columns that every request writes share no cache line with those that it only reads.
 */
export function allocate(rows: number, algorithm: Algorithm): TableMemory {
  const cells = algorithm.cells(rows)
  const column = () => new SharedArrayBuffer(rows * Int32Array.BYTES_PER_ELEMENT)
  return {
    rows,
    weight: column(),
    inFlight: column(),
    eligible: column(),
    ints: new SharedArrayBuffer(cells.ints * Int32Array.BYTES_PER_ELEMENT),
    floats: new SharedArrayBuffer(cells.floats * Float64Array.BYTES_PER_ELEMENT),
  }
}

/**
 * The table in `memory`: views that every worker makes for itself. `ids` are the names of the backends, by row;
 * further rows are empty.
 */
export function view(
  memory: TableMemory,
  ids: readonly string[],
): { readonly table: BackendTable; readonly shared: SharedCells } {
  return {
    table: {
      size: memory.rows,
      ids: Array.from({ length: memory.rows }, (_, row) => ids[row] ?? ''),
      weight: new Int32Array(memory.weight),
      inFlight: new Int32Array(memory.inFlight),
      eligible: new Int32Array(memory.eligible),
    },
    shared: { ints: new Int32Array(memory.ints), floats: new Float64Array(memory.floats) },
  }
}
