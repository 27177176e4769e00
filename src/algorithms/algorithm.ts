import type { Random } from '../kit/random.ts'

/**
 * The backends, for an algorithm: columns of typed arrays in memory that all workers share. A row is a backend,
 * in configuration order; it keeps its row while it is in the set, so a row number may be stored. Rows are
 * never renumbered or compacted: rows that are not eligible are skipped.
 */
export interface BackendTable {
  /** Number of rows. A row without a backend has the id '' and is never eligible. */
  readonly size: number
  /** The name for hashing: `host:port`. */
  readonly ids: readonly string[]
  /** Integers ≥ 0; 0: no new requests. Live: may change between two picks. */
  readonly weight: Int32Array
  /**
   * Requests in flight over all workers. Live. Only the caller of `pick` writes it: it adds one in the same tick
   * as the pick, and subtracts one exactly once, however the request ends. Both with Atomics.
   */
  readonly inFlight: Int32Array
  /** 1 if the row may be picked: healthy, not drained, in its slow-start slice. Live. */
  readonly eligible: Int32Array
}

/** The request to pick a backend for. The caller reuses one object. */
export interface Choice {
  /** The key of hash algorithms: the client's address, a header, a cookie, the path or a query parameter. */
  key: string
  /** The current time, in seconds of a monotonic clock that all workers share. */
  now: number
  /** Rows already tried for this request; undefined on the first try. */
  tried: ReadonlySet<number> | undefined
}

/**
 * An algorithm applied to one set of backends. When the set or a weight changes, another picker is made, since
 * rings and tables are built from the weights. (Eligibility, a weight of 0 and requests in flight take effect at
 * once.)
 */
export interface Picker {
  /**
   * The row to send the request to, or −1 if none is eligible. Allocates nothing, and does not write
   * `inFlight`: see BackendTable.
   */
  pick(choice: Choice): number
  /**
   * The first byte of the response from `row` arrived `seconds` after the request was sent. Must be called
   * before the caller subtracts the request from `inFlight`.
   */
  recordLatency?(row: number, seconds: number, now: number): void
  /** `eligible`, `weight` or `inFlight` of `row` has changed: see `Told`. Absent where the picker keeps no index. */
  changed?(row: number): void
}

/**
 * The changes of its table that a picker is told of, by `changed`. From these it may keep an index, which finds a row among
 * thousands in a few steps; everything else it reads at each pick. The picks are the same.
 *
 * `eligibility`: each change of eligibility or weight. `everything`: changes of requests in flight, too; then no other picker
 * uses the table or the cells.
 */
export type Told = 'nothing' | 'eligibility' | 'everything'

/** Memory that the pickers of all workers share, zero at the start. */
export interface SharedCells {
  readonly ints: Int32Array
  readonly floats: Float64Array
}

/** A parameter of an algorithm: a number. */
export interface Parameter {
  readonly summary: string
  /** `s`, or '' without a unit. */
  readonly unit: string
  readonly default: number
  readonly min: number
  readonly max: number
  readonly integer: boolean
  /** Rejects a value within the range with a reason: `must be prime`. */
  check?(value: number): string | undefined
}

/** A valid value for every parameter of an algorithm: see settingsOf. */
export type Settings = Readonly<Record<string, number>>

/** Options of a picker. */
interface PickerOptions {
  readonly random: Random
  readonly shared: SharedCells
  readonly settings: Settings
  /** Default: nothing. */
  readonly told?: Told
}

/** What a pick depends on, besides eligibility. */
type Input = 'weight' | 'in flight' | 'latency' | 'key' | 'random'

/** An algorithm to choose backends. Pure: clock, random numbers and memory are passed in. */
export interface Algorithm {
  readonly name: string
  /** Other names for it: `wrr`. */
  readonly aliases: readonly string[]
  /** One line for help and lists. */
  readonly summary: string
  /** The paper, or the balancer, that defines it. */
  readonly source: string
  readonly inputs: readonly Input[]
  /** Time of one pick with n backends: `O(1)`, `O(n)`. */
  readonly cost: string
  /** The state between picks, and whether the workers share it. */
  readonly state: string
  readonly parameters: Readonly<Record<string, Parameter>>
  /** Number of shared cells that its pickers need for `rows` backends. */
  cells(rows: number): { readonly ints: number; readonly floats: number }
  picker(table: BackendTable, options: PickerOptions): Picker
}
