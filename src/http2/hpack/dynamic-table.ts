import { fieldOverhead } from '../field-list.ts'

/**
 * A dynamic table: RFC 7541, section 2.3.2. Entries are kept in slots by their insertion number, which does not
 * change, while the index of an entry changes with each insertion. Names and values are in one buffer.
 */
export interface DynamicTable {
  /** Maximum and current size of the entries, in bytes with their overhead. */
  maxSize: number
  size: number
  /** Number of insertions, modulo 2^32; the last `count` entries are in the table. */
  inserted: number
  count: number
  /** Names and values, oldest first, with free space at both ends. */
  bytes: Buffer
  start: Int32Array
  valueStart: Int32Array
  end: Int32Array
  /** A note about each entry by the owner of the table. */
  note: Uint8Array
}

const initialEntries = 16
const initialBytes = 512

/** Shared by all tables without entries. */
const noBytes = Buffer.alloc(0)
const noOffsets = new Int32Array(0)
const noNotes = new Uint8Array(0)

/** A table without entries. Its memory grows with them. */
export function newDynamicTable(maxSize: number): DynamicTable {
  return {
    maxSize,
    size: 0,
    inserted: 0,
    count: 0,
    bytes: noBytes,
    start: noOffsets,
    valueStart: noOffsets,
    end: noOffsets,
    note: noNotes,
  }
}

/** The slot of the entry with this index in the dynamic table: 0 is the newest. */
export function slotAt(table: DynamicTable, index: number): number {
  return (table.inserted - 1 - index) & (table.start.length - 1)
}

/** Changes the maximum size, and evicts entries beyond it: RFC 7541, section 4.3. */
export function resizeTable(table: DynamicTable, maxSize: number): void {
  table.maxSize = maxSize
  evict(table, maxSize)
}

/** A field between two offsets; its value starts where its name ends. */
export interface EntrySpan {
  readonly bytes: Buffer
  readonly start: number
  readonly valueStart: number
  readonly end: number
}

/**
 * Inserts a field and evicts old entries for it: RFC 7541, section 4.4. A field larger than the table empties it.
 *
 * @returns the slot of the entry, or −1 if it was not inserted
 */
export function insertEntry(table: DynamicTable, entry: EntrySpan, note: number): number {
  const { bytes, start, end } = entry
  const size = end - start + fieldOverhead
  if (size > table.maxSize) {
    evict(table, 0)
    return -1
  }
  evict(table, table.maxSize - size)
  if (table.count === table.start.length) growEntries(table)
  const at = roomFor(table, end - start)
  bytes.copy(table.bytes, at, start, end)
  const slot = table.inserted & (table.start.length - 1)
  table.start[slot] = at
  table.valueStart[slot] = at + entry.valueStart - start
  table.end[slot] = at + end - start
  table.note[slot] = note
  table.inserted = (table.inserted + 1) | 0
  table.count++
  table.size += size
  return slot
}

function evict(table: DynamicTable, maxSize: number): void {
  while (table.size > maxSize) {
    const slot = slotAt(table, table.count - 1)
    const bytes = (table.end[slot] as number) - (table.start[slot] as number)
    table.size -= bytes + fieldOverhead
    table.count--
  }
}

/** Makes room for `length` bytes behind the newest entry, and returns the offset. */
function roomFor(table: DynamicTable, length: number): number {
  const { count, bytes } = table
  if (count === 0) {
    if (bytes.length < length) table.bytes = Buffer.allocUnsafeSlow(capacity(initialBytes, length))
    return 0
  }
  const first = table.start[slotAt(table, count - 1)] as number
  const last = table.end[slotAt(table, 0)] as number
  if (last + length <= bytes.length) return last
  const used = last - first
  // Entries move to the front only if that frees half of the buffer: the cost per inserted byte stays constant.
  const roomy = 2 * (used + length) <= bytes.length
  const target = roomy ? bytes : Buffer.allocUnsafeSlow(capacity(bytes.length, 2 * (used + length)))
  bytes.copy(target, 0, first, last)
  table.bytes = target
  for (let index = 0; index < count; index++) {
    const slot = slotAt(table, index)
    table.start[slot] = (table.start[slot] as number) - first
    table.valueStart[slot] = (table.valueStart[slot] as number) - first
    table.end[slot] = (table.end[slot] as number) - first
  }
  return used
}

function capacity(from: number, needed: number): number {
  let size = Math.max(from, initialBytes)
  while (size < needed) size *= 2
  return size
}

/** Doubles the number of slots. The slot of an entry is the low bits of its number, so entries move. */
function growEntries(table: DynamicTable): void {
  const room = Math.max(initialEntries, table.start.length * 2)
  const old = { ...table }
  table.start = new Int32Array(room)
  table.valueStart = new Int32Array(room)
  table.end = new Int32Array(room)
  table.note = new Uint8Array(room)
  for (let index = 0; index < table.count; index++) {
    const from = slotAt(old, index)
    const to = slotAt(table, index)
    table.start[to] = old.start[from] as number
    table.valueStart[to] = old.valueStart[from] as number
    table.end[to] = old.end[from] as number
    table.note[to] = old.note[from] as number
  }
}
