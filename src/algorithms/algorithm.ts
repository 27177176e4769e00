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
  /**
   * Requests in flight over all workers. Live. Only the caller writes it: one more as soon as it has
   * a pick, in the same tick; one less exactly once, however the request ends. Both with Atomics.
   */
  readonly inFlight: Int32Array
  /** 1 where the row may be picked: healthy, not drained, below its limits. Live. */
  readonly eligible: Int32Array
}

/** The request that a backend is sought for. The caller keeps one object and changes it. */
export interface Choice {
  /** What hash algorithms hash: the client's address, a header, a cookie, the path or a query parameter. */
  key: string
  /** Now, in seconds on a monotonic clock that is the same for all workers. */
  now: number
  /** Rows already tried for this request; undefined on the first try. */
  tried: ReadonlySet<number> | undefined
}

/**
 * One algorithm at work on one set of backends. When the set changes, or a weight for good, another
 * picker is made: rings and tables are of the weights as they were then. (Eligibility, a weight of 0 and
 * what is in flight count at once for all.)
 */
export interface Picker {
  /**
   * The row to send the request to, or −1 where none is eligible. Allocates nothing, and counts
   * nothing in flight: that is the caller's, see BackendTable.inFlight.
   */
  pick(choice: Choice): number
  /**
   * The backend in `row` answered: its first byte came `seconds` after the request was sent. Must
   * come before the caller takes the request out of `inFlight`.
   */
  recordLatency?(row: number, seconds: number, now: number): void
}

/** Memory that an algorithm's pickers share over all workers, zeroed at the start. */
export interface SharedCells {
  readonly ints: Int32Array
  readonly floats: Float64Array
}

/** A number that an algorithm can be told. */
export interface Parameter {
  readonly summary: string
  /** `s`, or '' for a bare number. */
  readonly unit: string
  readonly default: number
  readonly least: number
  readonly most: number
  readonly integer: boolean
  /** What is wrong with a value that is within the range: `must be prime`. */
  fault?(value: number): string | undefined
}

/** A value for every parameter of an algorithm, checked: see settingsOf. */
export type Settings = Readonly<Record<string, number>>

/** What a picker is made with. */
interface Given {
  readonly random: Random
  readonly shared: SharedCells
  readonly settings: Settings
}

/** What an algorithm looks at, besides who is eligible. */
type Sight = 'weight' | 'in flight' | 'latency' | 'key' | 'dice'

/** One way to choose a backend. Pure: clock, dice and memory are handed in. */
export interface Algorithm {
  readonly name: string
  /** Other names that people know it by: `wrr`. */
  readonly aliases: readonly string[]
  /** One line for help and lists. */
  readonly summary: string
  /** Where it comes from: the paper, or the balancer whose definition this is. */
  readonly source: string
  readonly sees: readonly Sight[]
  /** How one pick grows with the n backends: `O(1)`, `O(n)`. */
  readonly cost: string
  /** What it remembers between picks, and whether the workers share it. */
  readonly state: string
  readonly parameters: Readonly<Record<string, Parameter>>
  /** How much shared memory its pickers need for `rows` backends. */
  cells(rows: number): { readonly ints: number; readonly floats: number }
  picker(table: BackendTable, given: Given): Picker
}
