import type { BackendTable, Choice, Picker, SharedCells } from '../../algorithms/algorithm.ts'
import { type TableMemory, view } from '../../algorithms/parts/table.ts'
import { cell, type HealthMemory, healthColumns } from './health-memory.ts'
import { type Backend, readBackends } from './read-backends.ts'

/**
 * The backends as one worker sees them, and the picker that chooses among them. A change of the set or of
 * a weight replaces table and picker, so `table`, `picker` and `byRow` must be read from here each time
 * and never kept.
 */
export interface BackendSet {
  readonly table: BackendTable
  readonly picker: Picker
  /** By row; undefined where there is no backend. */
  readonly byRow: readonly (Backend | undefined)[]
  /**
   * Picks a row and adds one to its requests in flight; the caller must subtract that exactly once.
   * −1 where no backend is eligible.
   */
  claim(choice: Choice): number
}

/** Options of a backend set. */
export interface BackendSetOptions {
  readonly health: HealthMemory
  readonly table: TableMemory
  /** Makes the picker for a set of backends. If it has `changed`, it is called after each change of eligibility. */
  makePicker(table: BackendTable, shared: SharedCells): Picker
  /**
   * The backend in `row` was replaced or removed: idle connections to the old one must not be reused.
   * Called before any request is sent to the new one.
   */
  onBackendChanged(row: number): void
  /** Maximum requests in flight to one backend, over all workers; 0: no limit. */
  readonly maxInFlight?: number
}

/** The backends in `health`, for one worker. */
export function backendSet({
  health,
  table: memory,
  makePicker,
  onBackendChanged,
  maxInFlight = 0,
}: BackendSetOptions): BackendSet {
  const max = maxInFlight === 0 ? Number.POSITIVE_INFINITY : maxInFlight
  const columns = healthColumns(health)
  const { inFlight } = view(memory, []).table
  const generation = () => Atomics.load(columns.common, cell.generation)
  const eligibility = () => Atomics.load(columns.common, cell.eligibility)
  let toldOf = eligibility()
  let current = load()

  function load() {
    const { backends, generation } = readBackends(columns)
    const ids = backends.map((backend) => backend?.id ?? '')
    const { table, shared } = view(memory, ids)
    toldOf = eligibility()
    return { backends, generation, table, picker: makePicker(table, shared) }
  }

  function reload(): void {
    const before = current.backends
    current = load()
    for (let row = 0; row < columns.rows; row++) {
      if (before[row]?.record !== current.backends[row]?.record) onBackendChanged(row)
    }
  }

  function tellChanges({ changed }: Picker): void {
    if (changed === undefined || eligibility() === toldOf) return
    toldOf = eligibility()
    for (let row = 0; row < columns.rows; row++) changed(row)
  }

  /** As `claim`; adds backends at their limit to `choice.tried`, so that they are passed over. */
  function claimRow(choice: Choice): number {
    for (;;) {
      if (generation() !== current.generation) reload()
      tellChanges(current.picker)
      const row = current.picker.pick(choice)
      if (row < 0) return row
      const before = Atomics.add(inFlight, row, 1)
      // A row is reused only while it has nothing in flight, and after the generation was incremented.
      // So if the generation is still ours now, the row still has the backend that we know.
      if (before < max && generation() === current.generation) return row
      Atomics.sub(inFlight, row, 1)
      if (before >= max) choice.tried = new Set(choice.tried).add(row)
    }
  }

  return {
    get table() {
      return current.table
    },
    get picker() {
      return current.picker
    },
    get byRow() {
      return current.backends
    },
    claim(choice) {
      const { tried } = choice
      const row = claimRow(choice)
      choice.tried = tried
      return row
    },
  }
}
