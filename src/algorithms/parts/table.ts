import type { Algorithm, BackendTable, SharedCells } from '../algorithm.ts'

/** The memory of one set of backends and of the algorithm at work on it. Goes to workers as it is. */
export interface TableMemory {
  readonly rows: number
  readonly weight: SharedArrayBuffer
  readonly inFlight: SharedArrayBuffer
  readonly eligible: SharedArrayBuffer
  readonly ints: SharedArrayBuffer
  readonly floats: SharedArrayBuffer
}

/**
 * Memory for `rows` backends under `algorithm`, all zero: nothing in flight, nobody eligible. A
 * buffer a column, so that what every request writes shares no cache line with what it only reads.
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
 * The table over `memory`, the same from every worker. `ids` are the backends' names, row by row;
 * rows beyond them are empty.
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
