import { type DynamicTable, insertEntry, newDynamicTable, slotAt } from './dynamic-table.ts'
import { type ByteSpan, sameBytes } from './field-hash.ts'

/** The size of the table that an encoder uses at most, whatever the other side allows, in bytes. */
export const maxEncoderTable = 4096

/** Entries that such a table has at most, a power of two: an entry has at least 32 bytes. */
const maxEntries = maxEncoderTable / 32
const mask = maxEntries - 1

/**
 * A dynamic table in which fields are looked up. Entries are numbered in the order of their insertion;
 * those whose names have the same hash form a chain from the newest to the oldest, which ends at the first
 * that has been evicted, so that nothing must be taken out of a chain.
 */
export interface EncoderTable {
  readonly table: DynamicTable
  /** The newest entry of each chain. */
  chains: Int32Array
  /** By the low bits of an entry's number: the next entry of its chain, and its hashes. */
  next: Int32Array
  nameHash: Int32Array
  valueHash: Int32Array
  /** Found by the last search: indices in the dynamic table, from 0 for the newest, or −1. */
  field: number
  name: number
}

const none = new Int32Array(0)

/** A table without entries; its memory comes with the first. */
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

/** A field to look up or to insert, with its hashes. */
export interface HashedField {
  readonly name: ByteSpan
  readonly value: ByteSpan
  readonly nameHash: number
  readonly valueHash: number
}

/** Looks for an entry with the name and value of a field, and for the newest with its name. */
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

/** Inserts a field, whose value stands behind its name. */
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
