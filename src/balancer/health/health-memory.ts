/** The memory that says how every backend stands. Goes to workers as it is. */
export interface HealthMemory {
  readonly rows: number
  readonly ints: SharedArrayBuffer
  readonly times: SharedArrayBuffer
  readonly names: SharedArrayBuffer
}

/** Whether a row has a backend. A row that is left is free again once nothing is in flight there. */
export const membership = { none: 0, member: 1, leaving: 2 } as const

/** Cells that belong to no row. The generation has a cache line of its own: every request reads it. */
export const cell = { lock: 0, panic: 1, generation: 16 } as const
const commonCells = 32

/** The longest address of a backend, in octets. */
export const maxUrlBytes = 255
const nameOctets = maxUrlBytes + 1

/**
 * What is known of every backend, row by row. All of it is written under the lock (see health.ts), but
 * for `failures`, which workers count and clear with Atomics.
 */
export interface HealthColumns {
  readonly rows: number
  readonly common: Int32Array
  readonly membership: Int32Array
  /** The weight that was asked for. */
  readonly weight: Int32Array
  /** 1: no new requests, because someone said so. */
  readonly drained: Int32Array
  /** 1: our own checks found it down. */
  readonly down: Int32Array
  /** Failures of requests in a row, over all workers. */
  readonly failures: Int32Array
  /** 1: out because of these. */
  readonly ejected: Int32Array
  /** How many times longer than the first the latest ejection was. */
  readonly backOff: Int32Array
  /** Ejections since the row has this backend. */
  readonly ejections: Int32Array
  /** 1: it got traffic, as far as health goes, when this was last looked at. */
  readonly healthy: Int32Array
  /** 1: in its slow start it may be picked at this moment. */
  readonly sliceOpen: Int32Array
  /** When its ejection ends, and when the one before ended, in seconds of the shared clock. */
  readonly ejectedUntil: Float64Array
  readonly returnedAt: Float64Array
  /** When its slow start began; −1 where there is none. */
  readonly slowStartFrom: Float64Array
  readonly names: Uint8Array
}

const intColumns = 10
const timeColumns = 3

/** Memory for `rows` backends, none there yet. */
export function allocateHealth(rows: number): HealthMemory {
  const ints = commonCells + intColumns * rows
  return {
    rows,
    ints: new SharedArrayBuffer(ints * Int32Array.BYTES_PER_ELEMENT),
    times: new SharedArrayBuffer(timeColumns * rows * Float64Array.BYTES_PER_ELEMENT),
    names: new SharedArrayBuffer(nameOctets * rows),
  }
}

/** The columns over `memory`, the same from every thread. */
export function healthColumns(memory: HealthMemory): HealthColumns {
  const { rows } = memory
  const ints = new Int32Array(memory.ints)
  const times = new Float64Array(memory.times)
  const int = (n: number) => ints.subarray(commonCells + n * rows, commonCells + (n + 1) * rows)
  const time = (n: number) => times.subarray(n * rows, (n + 1) * rows)
  return {
    rows,
    common: ints.subarray(0, commonCells),
    membership: int(0),
    weight: int(1),
    drained: int(2),
    down: int(3),
    failures: int(4),
    ejected: int(5),
    backOff: int(6),
    ejections: int(7),
    healthy: int(8),
    sliceOpen: int(9),
    ejectedUntil: time(0),
    returnedAt: time(1),
    slowStartFrom: time(2),
    names: new Uint8Array(memory.names),
  }
}

/** Writes the address of the backend in `row`: at most `maxUrlBytes` octets. */
export function writeUrl({ names }: HealthColumns, row: number, name: string): void {
  const octets = Buffer.from(name)
  names[row * nameOctets] = octets.length
  names.set(octets, row * nameOctets + 1)
}

/** The address of the backend in `row`. */
export function readUrl({ names }: HealthColumns, row: number): string {
  const start = row * nameOctets
  const octets = names.slice(start + 1, start + 1 + (names[start] as number))
  return Buffer.from(octets.buffer).toString()
}
