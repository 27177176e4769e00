import type { BackendTable, Choice, Picker, SharedCells } from '../../algorithms/algorithm.ts'
import { type TableMemory, view } from '../../algorithms/parts/table.ts'
import { type Member, readMembers } from './addresses.ts'
import { cell, type HealthMemory, healthColumns } from './health-memory.ts'

/**
 * The backends as one worker knows them, with the picker at work on them. When the set or a weight
 * changes there is a new table and a new picker, so `table`, `picker` and `members` must be read from
 * here each time and never kept.
 */
export interface BackendSet {
  readonly table: BackendTable
  readonly picker: Picker
  /** By row; undefined where there is no backend. */
  readonly members: readonly (Member | undefined)[]
  /**
   * Picks a row and counts the request in flight there: the caller takes it out again, exactly once.
   * −1 where no backend is eligible.
   */
  claim(choice: Choice): number
}

/** What a roster is made with. */
export interface BackendSetOptions {
  readonly health: HealthMemory
  readonly table: TableMemory
  /** Makes the picker for a set of backends. */
  picker(table: BackendTable, shared: SharedCells): Picker
  /**
   * The backend in `row` is another one now, or gone: idle connections to the old one must not be used
   * again. Called before any request is sent to the new one.
   */
  changed(row: number): void
}

/** The backends in `health`, for one worker. */
export function backendSet({
  health,
  table: memory,
  picker: make,
  changed,
}: BackendSetOptions): BackendSet {
  const columns = healthColumns(health)
  const { inFlight } = view(memory, []).table
  const latest = () => Atomics.load(columns.common, cell.generation)
  let now = muster()

  function muster() {
    const { members, generation } = readMembers(columns)
    const ids = members.map((member) => member?.id ?? '')
    const { table, shared } = view(memory, ids)
    return { members, generation, table, picker: make(table, shared) }
  }

  function renew(): void {
    const before = now.members
    now = muster()
    for (let row = 0; row < columns.rows; row++) {
      if (before[row]?.url !== now.members[row]?.url) changed(row)
    }
  }

  return {
    get table() {
      return now.table
    },
    get picker() {
      return now.picker
    },
    get members() {
      return now.members
    },
    claim(choice) {
      for (;;) {
        if (latest() !== now.generation) renew()
        const row = now.picker.pick(choice)
        if (row < 0) return row
        Atomics.add(inFlight, row, 1)
        // A row is given to another backend only while it has nothing in flight, and the generation
        // moves on before it is: so this row's backend is the one that we know, or we see it here.
        if (latest() === now.generation) return row
        Atomics.sub(inFlight, row, 1)
      }
    },
  }
}
