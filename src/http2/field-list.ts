import { type ByteBuffer, byteBuffer, putPart, putText, reserve } from '../http/byte-buffer.ts'
import { hasBytesAt } from './compare-bytes.ts'
import { fieldKind } from './field-kind.ts'

/** Bytes that a field counts for besides its name and value: RFC 9113, section 6.5.2. */
export const fieldOverhead = 32

/**
 * The fields of one header section: names and values one after the other in one buffer. A connection reuses one
 * list for all sections that it receives: its contents are valid until the next section.
 */
export interface FieldList extends ByteBuffer {
  count: number
  /** Start of each name, which is the end of the value before it. */
  nameStart: Int32Array
  /** Start of each value, which is the end of its name. */
  valueStart: Int32Array
  /** Kind of each field, by `fieldKind`. Set by the decoder only. */
  kind: Uint8Array
  /** 1: the field must never be indexed (RFC 7541, section 7.1.3). */
  sensitive: Uint8Array
  /** Bytes of all fields with their overhead, including fields that did not fit. */
  size: number
  /** The size that a list may have. */
  readonly maxSize: number
  /** The section exceeds `maxSize`: the list has the fields before the first that did not fit. */
  overflow: boolean
}

const initialBytes = 1024
const initialFields = 32

/** An empty list, of at most `maxSize` bytes with the overhead of its fields. */
export function newFieldList(maxSize = Number.POSITIVE_INFINITY): FieldList {
  return {
    ...byteBuffer(initialBytes),
    count: 0,
    nameStart: new Int32Array(initialFields + 1),
    valueStart: new Int32Array(initialFields),
    kind: new Uint8Array(initialFields),
    sensitive: new Uint8Array(initialFields),
    size: 0,
    maxSize,
    overflow: false,
  }
}

/** Removes all fields. */
export function clearFields(list: FieldList): void {
  list.length = 0
  list.count = 0
  list.size = 0
  list.overflow = false
}

/** Adds a field. Its name must be in lower case; a character is a byte. */
export function addField(list: FieldList, name: string, value: string): void {
  reserve(list, name.length + value.length)
  const start = list.length
  putText(list, name)
  const valueStart = list.length
  putText(list, value)
  const end = list.length
  list.length = start
  commitField(list, valueStart, end)
}

/** Adds a field with a name in lower case and a copy of the value between two offsets. */
export function addValue(
  list: FieldList,
  name: Buffer,
  { bytes, from, end }: { readonly bytes: Buffer; readonly from: number; readonly end: number },
): void {
  reserve(list, name.length + end - from)
  const start = list.length
  putPart(list, name, 0, name.length)
  const valueStart = list.length
  putPart(list, bytes, from, end)
  const valueEnd = list.length
  list.length = start
  commitField(list, valueStart, valueEnd)
}

/** The position of a field in some bytes. */
interface FieldSpan {
  readonly bytes: Buffer
  readonly name: number
  readonly nameEnd: number
  readonly value: number
  readonly valueEnd: number
}

/** Adds a copy of a field, with its name in lower case. */
export function copyField(list: FieldList, span: FieldSpan): void {
  const { bytes, name, nameEnd, value, valueEnd } = span
  reserve(list, nameEnd - name + valueEnd - value)
  const start = list.length
  const valueStart = start + nameEnd - name
  for (let from = name, to = start; from < nameEnd; from++, to++) {
    const code = bytes[from] as number
    list.bytes[to] = code >= 0x41 && code <= 0x5a ? code | 0x20 : code
  }
  list.length = valueStart
  putPart(list, bytes, value, valueEnd)
  const end = list.length
  list.length = start
  commitField(list, valueStart, end)
}

/**
 * Adds a field whose bytes are in the buffer already, from `list.length` on. If the field does not fit, the list
 * overflows: neither it nor any field after it is added.
 */
export function commitField(
  list: FieldList,
  valueStart: number,
  end: number,
  { kind, sensitive }: { readonly kind: number; readonly sensitive: boolean } = plain,
): void {
  const { count, length } = list
  list.size += end - length + fieldOverhead
  if (list.size > list.maxSize) {
    list.overflow = true
    return
  }
  if (count === list.kind.length) grow(list)
  list.nameStart[count] = length
  list.valueStart[count] = valueStart
  list.kind[count] = kind
  list.sensitive[count] = sensitive ? 1 : 0
  list.nameStart[count + 1] = end
  list.count = count + 1
  list.length = end
}

const plain = { kind: fieldKind.other as number, sensitive: false }

function grow(list: FieldList): void {
  const room = list.kind.length * 2
  list.nameStart = larger(list.nameStart, new Int32Array(room + 1))
  list.valueStart = larger(list.valueStart, new Int32Array(room))
  list.kind = larger(list.kind, new Uint8Array(room))
  list.sensitive = larger(list.sensitive, new Uint8Array(room))
}

function larger<Values extends Int32Array | Uint8Array>(values: Values, into: Values): Values {
  into.set(values)
  return into
}

/** Marks the field that was added last as one that no encoder may index. */
export function neverIndex(list: FieldList): void {
  list.sensitive[list.count - 1] = 1
}

/** The name of a field as text, a character a byte. */
export function nameAt(list: FieldList, index: number): string {
  return list.bytes.toString('latin1', list.nameStart[index], list.valueStart[index])
}

/** The value of a field as text, a character a byte. */
export function valueAt(list: FieldList, index: number): string {
  return list.bytes.toString('latin1', list.valueStart[index], list.nameStart[index + 1])
}

/** Whether the name of a field is exactly these bytes. */
export function hasName(list: FieldList, index: number, name: Buffer): boolean {
  const from = list.nameStart[index] as number
  const length = (list.valueStart[index] as number) - from
  return length === name.length && hasBytesAt(list.bytes, from, name)
}

/** Whether the value of a field is exactly these bytes. */
export function hasValue(list: FieldList, index: number, value: Buffer): boolean {
  const from = list.valueStart[index] as number
  const length = (list.nameStart[index + 1] as number) - from
  return length === value.length && hasBytesAt(list.bytes, from, value)
}

/** A copy that stays valid when the list is reused. */
export function copyFields(list: FieldList): FieldList {
  return {
    ...list,
    bytes: Buffer.from(list.bytes.subarray(0, list.length)),
    nameStart: list.nameStart.slice(0, list.count + 1),
    valueStart: list.valueStart.slice(0, list.count),
    kind: list.kind.slice(0, list.count),
    sensitive: list.sensitive.slice(0, list.count),
  }
}
