import type { Random } from '../kit/random.ts'

/**
 * The backends as an algorithm sees them: columns over typed memory that all workers share. A row is
 * a backend, in configuration order; it keeps its row for as long as it is a member, so a row number
 * may be remembered. Rows are never renumbered or compacted: what is not eligible is skipped.
 */
export interface BackendTable {
  /** How many rows there are. A row without a backend has the id '' and is never eligible. */
  readonly size: number
  /** The name that hashing sees: `host:port`. */
  readonly ids: readonly string[]
  /** Whole numbers ≥ 0; 0 means no new traffic. Live: may change between two picks. */
  readonly weight: Int32Array
  /** Requests in flight over all workers. Live. */
  readonly inFlight: Int32Array
  /** 1 where the row may be picked: healthy, not drained, below its limits. Live. */
  readonly eligible: Int32Array
}

/** The request that a backend is sought for. The caller keeps one object and changes it. */
export interface Choice {
  /** What hash algorithms hash: the client's address, a header, a cookie, the path or a query parameter. */
  key: string
  /** Now, in seconds on a monotonic clock. */
  now: number
  /** Rows already tried for this request; undefined on the first try. */
  tried: ReadonlySet<number> | undefined
}

/** One algorithm at work on one set of backends. When the set changes, another picker is made. */
export interface Picker {
  /** The row to send the request to, or −1 where none is eligible. Allocates nothing. */
  pick(choice: Choice): number
  /** The backend in `row` answered: its first byte came `seconds` after the request was sent. */
  answered?(row: number, seconds: number, now: number): void
}

/** Memory that an algorithm's pickers share over all workers, zeroed at the start. */
export interface SharedCells {
  readonly ints: Int32Array
  readonly floats: Float64Array
}

/** One way to choose a backend. Pure: clock, dice and memory are handed in. */
export interface Algorithm {
  readonly name: string
  /** One line for help and lists. */
  readonly summary: string
  /** Where it comes from: the paper, or the balancer whose definition this is. */
  readonly source: string
  /** How much shared memory its pickers need for `rows` backends. */
  cells(rows: number): { readonly ints: number; readonly floats: number }
  picker(
    table: BackendTable,
    given: { readonly random: Random; readonly shared: SharedCells },
  ): Picker
}
