/** The shared memory with the health of every backend. Sent to workers as it is. */
export interface HealthMemory {
  readonly rows: number
  readonly ints: SharedArrayBuffer
  readonly times: SharedArrayBuffer
  readonly records: SharedArrayBuffer
}

/** Whether a row has a backend. A `leaving` row is free again when nothing is in flight to it. */
export const membership = { none: 0, member: 1, leaving: 2 } as const

/** Cells that belong to no row. The generation, and the number of changes of eligibility, have their own cache line: requests read it. */
export const cell = { lock: 0, panic: 1, generation: 16, eligibility: 17 } as const
const commonCells = 32

/** Maximum length of a backend's record, in bytes: config/backend-record.ts. */
export const maxRecordBytes = 255
/** A length byte, then the record. */
const recordCellBytes = maxRecordBytes + 1

/**
 * The health of every backend, by row. All columns are written under the lock (see health.ts), except
 * `failures`, which workers count and clear with Atomics, `suspected`, and the notes of failures.
 */
export interface HealthColumns {
  readonly rows: number
  readonly common: Int32Array
  readonly membership: Int32Array
  /** The configured weight. */
  readonly weight: Int32Array
  /** 1: drained by an operator, gets no new requests. */
  readonly drained: Int32Array
  /** 1: active checks found it down. */
  readonly down: Int32Array
  /** Consecutive failed requests, over all workers. */
  readonly failures: Int32Array
  /** 1: they may be the fault of requests, so the backend is checked before it is ejected. */
  readonly suspected: Int32Array
  /** 1: ejected because of these. */
  readonly ejected: Int32Array
  /** How many times the first ejection's time the latest one lasted: see nextBackOff. */
  readonly backOff: Int32Array
  /** Ejections since the backend was added. */
  readonly ejections: Int32Array
  /** 1: healthy when eligibility was last computed. */
  readonly healthy: Int32Array
  /** 1: the current slice of its slow start is open; always 1 outside a slow start. */
  readonly sliceOpen: Int32Array
  /** The latest failure, and the one that was reported last, as numbers: see failureNotes. */
  readonly latestReason: Int32Array
  readonly reportedReason: Int32Array
  /** 1: it gets requests only while no other backend is healthy. */
  readonly backup: Int32Array
  /** 1: it is in the zone of the balancer. */
  readonly sameZone: Int32Array
  /** 1: it is healthy, and other backends are preferred: see preferred-backends.ts. */
  readonly standby: Int32Array
  /** When it was reported, in whole seconds of the shared clock. */
  readonly reportedSecond: Int32Array
  /** When its ejection ends, and when the one before ended, in seconds of the shared clock. */
  readonly ejectedUntil: Float64Array
  readonly returnedAt: Float64Array
  /** When its slow start began; −1 outside a slow start. */
  readonly slowStartFrom: Float64Array
  /** When it failed last. */
  readonly failedAt: Float64Array
  readonly records: Uint8Array
}

const intColumns = 17
const timeColumns = 4

/** Memory for `rows` backends, all rows empty. */
export function allocateHealth(rows: number): HealthMemory {
  const ints = commonCells + intColumns * rows
  return {
    rows,
    ints: new SharedArrayBuffer(ints * Int32Array.BYTES_PER_ELEMENT),
    times: new SharedArrayBuffer(timeColumns * rows * Float64Array.BYTES_PER_ELEMENT),
    records: new SharedArrayBuffer(recordCellBytes * rows),
  }
}

/** The columns in `memory`: views that every thread makes for itself. */
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
    latestReason: int(10),
    reportedReason: int(11),
    reportedSecond: int(12),
    suspected: int(13),
    backup: int(14),
    sameZone: int(15),
    standby: int(16),
    ejectedUntil: time(0),
    returnedAt: time(1),
    slowStartFrom: time(2),
    failedAt: time(3),
    records: new Uint8Array(memory.records),
  }
}

/** Writes the record of the backend in `row`: at most `maxRecordBytes` bytes. */
export function writeRecord({ records }: HealthColumns, row: number, record: string): void {
  const bytes = Buffer.from(record)
  records[row * recordCellBytes] = bytes.length
  records.set(bytes, row * recordCellBytes + 1)
}

/** The record of the backend in `row`. */
export function readRecordText({ records }: HealthColumns, row: number): string {
  const start = row * recordCellBytes
  const bytes = records.slice(start + 1, start + 1 + (records[start] as number))
  return Buffer.from(bytes.buffer).toString()
}
