import { type ByteBuffer, putPart, reserve } from '../../http/byte-buffer.ts'
import { type FieldList, fieldOverhead } from '../field-list.ts'
import { resizeTable } from './dynamic-table.ts'
import {
  type EncoderTable,
  findField,
  insertField,
  maxEncoderTable,
  newEncoderTable,
} from './encoder-table.ts'
import { type ByteSpan, hashBytes } from './field-hash.ts'
import { findStaticName, findStaticValue } from './find-static.ts'
import { huffmanBytes, writeHuffman } from './huffman-encode.ts'
import { indexing, indexingOf } from './indexing.ts'
import { integerBytes, writeInteger } from './integer.ts'
import { staticCount } from './static-table.ts'

/** Encodes header blocks for the peer: RFC 7541. */
export interface HpackEncoder {
  readonly fields: EncoderTable
  /** The smallest table size set since the last block, in bytes; −1: none was set. */
  smallest: number
}

/** The encoder of a new connection. */
export function newHpackEncoder(): HpackEncoder {
  return { fields: newEncoderTable(), smallest: -1 }
}

/**
 * Applies SETTINGS_HEADER_TABLE_SIZE of the peer. The next block starts with the new size, after the smallest size
 * that was set in between (RFC 7541, section 4.2).
 */
export function allowTable(encoder: HpackEncoder, maxSize: number): void {
  const size = Math.min(maxSize, maxEncoderTable)
  const { table } = encoder.fields
  if (size === table.maxSize && encoder.smallest < 0) return
  encoder.smallest = encoder.smallest < 0 ? size : Math.min(encoder.smallest, size)
  resizeTable(table, size)
}

const indexedForm = { prefix: 7, pattern: 0x80 } as const
const incrementalForm = { prefix: 6, pattern: 0x40 } as const
const withoutForm = { prefix: 4, pattern: 0 } as const
const neverForm = { prefix: 4, pattern: 0x10 } as const
const sizeForm = { prefix: 5, pattern: 0x20 } as const
const huffmanForm = { prefix: 7, pattern: 0x80 } as const
const plainForm = { prefix: 7, pattern: 0 } as const

/** Writes the header block of a list of fields, whose names must be in lower case. */
export function encodeBlock(encoder: HpackEncoder, list: FieldList, into: ByteBuffer): void {
  reserve(into, list.length + (3 * list.count + 2) * integerBytes)
  writeSizes(encoder, into)
  for (let index = 0; index < list.count; index++) encodeField(encoder, list, index, into)
}

function writeSizes(encoder: HpackEncoder, into: ByteBuffer): void {
  const { smallest, fields } = encoder
  if (smallest < 0) return
  const { maxSize } = fields.table
  if (smallest < maxSize) writeInteger(into, smallest, sizeForm)
  writeInteger(into, maxSize, sizeForm)
  encoder.smallest = -1
}

function encodeField(
  { fields }: HpackEncoder,
  list: FieldList,
  index: number,
  into: ByteBuffer,
): void {
  const { bytes } = list
  const nameStart = list.nameStart[index] as number
  const valueStart = list.valueStart[index] as number
  const valueEnd = list.nameStart[index + 1] as number
  const name = { bytes, from: nameStart, end: valueStart }
  const value = { bytes, from: valueStart, end: valueEnd }
  const nameHash = hashBytes(bytes, nameStart, valueStart)
  const staticName = findStaticName(nameHash, name)
  const treatment =
    list.sensitive[index] === 1 ? indexing.never : indexingOf(staticName, valueEnd - valueStart)
  if (treatment === indexing.never) {
    writeLiteral(into, neverForm, { nameIndex: staticName, name, value })
    return
  }
  const staticField = findStaticValue(staticName, value)
  if (staticField > 0) writeInteger(into, staticField, indexedForm)
  else if (treatment === indexing.without) {
    writeLiteral(into, withoutForm, { nameIndex: staticName, name, value })
  } else {
    const valueHash = hashBytes(bytes, valueStart, valueEnd)
    encodeIndexed(fields, { name, value, nameHash, valueHash }, { into, staticName })
  }
}

/** Fields larger than this share of the table are not inserted: they would evict most entries. */
const largeShare = 0.5

function encodeIndexed(
  fields: EncoderTable,
  field: { name: ByteSpan; value: ByteSpan; nameHash: number; valueHash: number },
  { into, staticName }: { readonly into: ByteBuffer; readonly staticName: number },
): void {
  findField(fields, field)
  if (fields.field >= 0) {
    writeInteger(into, staticCount + 1 + fields.field, indexedForm)
    return
  }
  const { name, value } = field
  const dynamicName = fields.name < 0 ? 0 : staticCount + 1 + fields.name
  const nameIndex = staticName > 0 ? staticName : dynamicName
  const size = value.end - name.from + fieldOverhead
  const large = size > fields.table.maxSize * largeShare
  writeLiteral(into, large ? withoutForm : incrementalForm, { nameIndex, name, value })
  if (!large) insertField(fields, field)
}

function writeLiteral(
  into: ByteBuffer,
  form: { readonly prefix: number; readonly pattern: number },
  { nameIndex, name, value }: { readonly nameIndex: number; name: ByteSpan; value: ByteSpan },
): void {
  writeInteger(into, nameIndex, form)
  if (nameIndex === 0) writeString(into, name)
  writeString(into, value)
}

/** Writes a string, with Huffman coding if that is shorter: RFC 7541, section 5.2. */
function writeString(into: ByteBuffer, { bytes, from, end }: ByteSpan): void {
  const coded = huffmanBytes(bytes, from, end)
  if (coded < end - from) {
    writeInteger(into, coded, huffmanForm)
    writeHuffman(into, bytes, from, end)
  } else {
    writeInteger(into, end - from, plainForm)
    putPart(into, bytes, from, end)
  }
}
