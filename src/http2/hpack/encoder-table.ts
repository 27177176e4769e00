import { type DynamicTable, insertEntry, newDynamicTable, slotAt } from './dynamic-table.ts'
import { type ByteSpan, sameBytes } from './field-hash.ts'

/** The maximum size of an encoder's table in bytes, even if the peer allows more. */
export const maxEncoderTable = 4096

/** The maximum number of entries, a power of two: an entry has 32 bytes at least. */
const maxEntries = maxEncoderTable / 32
const mask = maxEntries - 1

/**
 * A dynamic table with an index for lookups. Entries whose names have the same hash form a chain from the newest
 * to the oldest. A chain ends at the first evicted entry, so that eviction does not touch the index.
 */
export interface EncoderTable {
  readonly table: DynamicTable
  /** The insertion number of the newest entry of each chain. */
  chains: Int32Array
  /** By the low bits of an insertion number: the next older entry of the chain, and the hashes of the entry. */
  next: Int32Array
  nameHash: Int32Array
  valueHash: Int32Array
  /** The result of the last lookup: indices in the dynamic table, or −1. */
  field: number
  name: number
}

const none = new Int32Array(0)

/** A table without entries. Its memory is allocated by the first insertion. */
export function newEncoderTable(): EncoderTable {
  return {
    table: newDynamicTable(maxEncoderTable),
    chains: none,
    next: none,
    nameHash: none,
    valueHash: none,
    field: -1,
    name: -1,
  }
}

/** A field with its hashes. */
export interface HashedField {
  readonly name: ByteSpan
  readonly value: ByteSpan
  readonly nameHash: number
  readonly valueHash: number
}

/** Looks up the entry with the name and value of a field, and the newest entry with its name. */
export function findField(from: EncoderTable, field: HashedField): void {
  const { table, next, nameHash, valueHash } = from
  from.field = -1
  from.name = -1
  if (table.count === 0) return
  let entry = from.chains[field.nameHash & mask] as number
  let before = -1
  for (;;) {
    const index = (table.inserted - 1 - entry) | 0
    if (index <= before || index >= table.count) return
    const at = entry & mask
    if (nameHash[at] === field.nameHash && hasName(table, index, field.name)) {
      if (from.name < 0) from.name = index
      if (valueHash[at] === field.valueHash && hasValue(table, index, field.value)) {
        from.field = index
        return
      }
    }
    before = index
    entry = next[at] as number
  }
}

function hasName(table: DynamicTable, index: number, name: ByteSpan): boolean {
  const slot = slotAt(table, index)
  const from = table.start[slot] as number
  return sameBytes(name, { bytes: table.bytes, from, end: table.valueStart[slot] as number })
}

function hasValue(table: DynamicTable, index: number, value: ByteSpan): boolean {
  const slot = slotAt(table, index)
  const from = table.valueStart[slot] as number
  return sameBytes(value, { bytes: table.bytes, from, end: table.end[slot] as number })
}

/** Inserts a field, whose value must follow its name in the same buffer. */
export function insertField(into: EncoderTable, field: HashedField): void {
  const { table } = into
  const { name, value } = field
  const entry = table.inserted
  const span = { bytes: name.bytes, start: name.from, valueStart: value.from, end: value.end }
  if (insertEntry(table, span, 0) < 0) return
  if (into.chains.length === 0) {
    into.chains = new Int32Array(maxEntries)
    into.next = new Int32Array(maxEntries)
    into.nameHash = new Int32Array(maxEntries)
    into.valueHash = new Int32Array(maxEntries)
  }
  const at = entry & mask
  const chain = field.nameHash & mask
  into.next[at] = into.chains[chain] as number
  into.chains[chain] = entry
  into.nameHash[at] = field.nameHash
  into.valueHash[at] = field.valueHash
}
