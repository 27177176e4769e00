import { putPart, reserve } from '../../http/byte-buffer.ts'
import { kindOfName } from '../field-kind.ts'
import { clearFields, commitField, type FieldList, fieldOverhead } from '../field-list.ts'
import {
  type DynamicTable,
  insertEntry,
  newDynamicTable,
  resizeTable,
  slotAt,
} from './dynamic-table.ts'
import { fieldKindIn, nameKindIn, noteOf } from './entry-note.ts'
import { decodedBytes, decodeHuffman } from './huffman-decode.ts'
import { type BlockCursor, noInteger, readInteger } from './integer.ts'
import { staticEntries } from './static-entries.ts'
import { staticCount } from './static-table.ts'

/** Decodes the header blocks of the peer: RFC 7541. */
export interface HpackDecoder extends BlockCursor {
  readonly table: DynamicTable
  /** The limit of the table size, in bytes: SETTINGS_HEADER_TABLE_SIZE once it is acknowledged. */
  maxTableSize: number
  /** The limit is below the size in use: the next block must start with a size update. */
  mustResize: boolean
}

/** The table size before any SETTINGS, in bytes: RFC 9113, section 6.5.2. */
export const defaultTableSize = 4096

const noBytes = Buffer.alloc(0)

/** The decoder of a new connection. */
export function newHpackDecoder(): HpackDecoder {
  return {
    bytes: noBytes,
    at: 0,
    end: 0,
    table: newDynamicTable(defaultTableSize),
    maxTableSize: defaultTableSize,
    mustResize: false,
  }
}

/** Sets the limit of the table size when the peer has acknowledged our SETTINGS: RFC 7541, section 4.2. */
export function limitTable(decoder: HpackDecoder, maxTableSize: number): void {
  decoder.maxTableSize = maxTableSize
  decoder.mustResize = decoder.table.maxSize > maxTableSize
}

/**
 * Decodes a complete header block between two offsets, and replaces the contents of `into`: RFC 7541, section 3.
 * A block with more fields than the list may have is decoded to its end, since it changes the table, and sets
 * `overflow`.
 *
 * @returns false if the block is invalid: the connection must end with COMPRESSION_ERROR
 */
export function decodeBlock(
  decoder: HpackDecoder,
  { bytes, at, end }: Readonly<BlockCursor>,
  into: FieldList,
): boolean {
  clearFields(into)
  decoder.bytes = bytes
  decoder.at = at
  decoder.end = end
  if (!readSizeUpdates(decoder)) return false
  while (decoder.at < end) {
    if (!readField(decoder, into)) return false
  }
  decoder.bytes = noBytes
  return true
}

/** Size updates are allowed at the start of a block, up to the limit: RFC 7541, sections 4.2 and 6.3. */
function readSizeUpdates(decoder: HpackDecoder): boolean {
  while (decoder.at < decoder.end && ((decoder.bytes[decoder.at] as number) & 0xe0) === 0x20) {
    const size = readInteger(decoder, 5)
    if (size === noInteger || size > decoder.maxTableSize) return false
    resizeTable(decoder.table, size)
    decoder.mustResize = false
  }
  return !decoder.mustResize
}

function readField(decoder: HpackDecoder, into: FieldList): boolean {
  const first = decoder.bytes[decoder.at] as number
  if (first >= 0x80) return readIndexed(decoder, into)
  if (first >= 0x40)
    return readLiteral(decoder, into, { prefix: 6, indexes: true, sensitive: false })
  if (first >= 0x20) return false
  return readLiteral(decoder, into, { prefix: 4, indexes: false, sensitive: first >= 0x10 })
}

/** An indexed field: RFC 7541, section 6.1. */
function readIndexed(decoder: HpackDecoder, into: FieldList): boolean {
  const index = readInteger(decoder, 7)
  const entries = index > staticCount ? decoder.table : staticEntries
  const slot = slotOf(decoder, index)
  if (slot < 0) return false
  const start = entries.start[slot] as number
  const end = entries.end[slot] as number
  const length = end - start
  // Not copied if it does not fit: one byte of a block may refer to kilobytes.
  if (into.size + length + fieldOverhead > into.maxSize) {
    into.size += length + fieldOverhead
    into.overflow = true
    return true
  }
  const at = into.length
  reserve(into, length)
  putPart(into, entries.bytes, start, end)
  into.length = at
  const kind = fieldKindIn(entries.note[slot] as number)
  const valueStart = at + (entries.valueStart[slot] as number) - start
  commitField(into, valueStart, at + length, { kind, sensitive: false })
  return true
}

/** The slot of an index in its table; −1 if there is no such entry. */
function slotOf({ table }: HpackDecoder, index: number): number {
  if (index <= staticCount) return index - 1
  const inTable = index - staticCount - 1
  return inTable < table.count ? slotAt(table, inTable) : -1
}

/** The representation of a literal: RFC 7541, section 6.2. */
interface LiteralForm {
  readonly prefix: number
  readonly indexes: boolean
  readonly sensitive: boolean
}

function readLiteral(decoder: HpackDecoder, into: FieldList, form: LiteralForm): boolean {
  const start = into.length
  const nameKind = readName(decoder, into, form.prefix)
  if (nameKind < 0) return false
  const valueStart = into.length
  if (!readString(decoder, into)) return false
  const end = into.length
  into.length = start
  const { bytes } = into
  const entry = { bytes, start, valueStart, end }
  const note = noteOf(entry, nameKind)
  if (form.indexes) insertEntry(decoder.table, entry, note)
  // No field is added after one that did not fit.
  if (into.overflow) into.size += end - start + fieldOverhead
  else {
    commitField(into, valueStart, end, { kind: fieldKindIn(note), sensitive: form.sensitive })
  }
  return true
}

/** Puts the name of a literal into the list. Returns its kind, or −1 if it is invalid. */
function readName(decoder: HpackDecoder, into: FieldList, prefix: number): number {
  const index = readInteger(decoder, prefix)
  const start = into.length
  if (index === 0) {
    return readString(decoder, into) ? kindOfName(into.bytes, start, into.length) : -1
  }
  const entries = index > staticCount ? decoder.table : staticEntries
  const slot = slotOf(decoder, index)
  if (slot < 0) return -1
  const from = entries.start[slot] as number
  const end = entries.valueStart[slot] as number
  reserve(into, end - from)
  putPart(into, entries.bytes, from, end)
  return nameKindIn(entries.note[slot] as number)
}

/** Puts a string into the list: RFC 7541, section 5.2. */
function readString(decoder: HpackDecoder, into: FieldList): boolean {
  const huffman = decoder.at < decoder.end && (decoder.bytes[decoder.at] as number) >= 0x80
  const length = readInteger(decoder, 7)
  const { bytes, at: from } = decoder
  if (length === noInteger || length > decoder.end - from) return false
  const end = from + length
  decoder.at = end
  if (!huffman) {
    reserve(into, length)
    putPart(into, bytes, from, end)
    return true
  }
  reserve(into, decodedBytes(length))
  const written = decodeHuffman(bytes, { from, end, out: into.bytes, to: into.length })
  if (written < 0) return false
  into.length = written
  return true
}
