import { byteClass, classesOf, colon, space, tab } from '../http/bytes.ts'
import { connectionFields } from '../http/connection-fields.ts'
import { hasBytesAt } from './compare-bytes.ts'

/** The fields that HTTP/2 defines rules for, as small numbers; every other field is `other`. */
export const fieldKind = {
  other: 0,
  /** A field with an invalid name or value: RFC 9113, section 8.2.1. */
  invalid: 1,
  method: 2,
  scheme: 3,
  authority: 4,
  path: 5,
  protocol: 6,
  status: 7,
  /** Connection-specific: section 8.2.2. */
  connection: 8,
  te: 9,
  host: 10,
  cookie: 11,
  contentLength: 12,
} as const

/** Pseudo-fields have kinds from `method` to this one. */
export const lastPseudo = fieldKind.status

const names: readonly (readonly [string, number])[] = [
  [':method', fieldKind.method],
  [':scheme', fieldKind.scheme],
  [':authority', fieldKind.authority],
  [':path', fieldKind.path],
  [':protocol', fieldKind.protocol],
  [':status', fieldKind.status],
  ['te', fieldKind.te],
  ['host', fieldKind.host],
  ['cookie', fieldKind.cookie],
  ['content-length', fieldKind.contentLength],
  ...connectionFields.map((name) => [name, fieldKind.connection] as const),
]

interface KnownName {
  readonly bytes: Uint8Array
  readonly kind: number
}

const longest = Math.max(...names.map(([name]) => name.length))

/** The known names by their length. */
const byLength: readonly (readonly KnownName[])[] = Array.from(
  { length: longest + 1 },
  (_, length) =>
    names
      .filter(([name]) => name.length === length)
      .map(([name, kind]) => ({ bytes: Buffer.from(name, 'latin1'), kind })),
)

/** Bytes that names may have: those of a token, without capitals. */
const nameByte = classesOf.map((classes, code) =>
  (classes & byteClass.token) !== 0 && !(code >= 0x41 && code <= 0x5a) ? 1 : 0,
)

/** The kind of the field with the name between two offsets; `invalid` for a bad name or an unknown pseudo-field. */
export function kindOfName(bytes: Buffer, from: number, end: number): number {
  if (end - from <= longest) {
    for (const known of byLength[end - from] as readonly KnownName[]) {
      if (hasBytesAt(bytes, from, known.bytes)) return known.kind
    }
  }
  if (from === end || bytes[from] === colon) return fieldKind.invalid
  for (let at = from; at < end; at++) {
    if (nameByte[bytes[at] as number] === 0) return fieldKind.invalid
  }
  return fieldKind.other
}

/**
 * Whether the bytes between two offsets are a valid field value: no control characters except tabs, no white
 * space at either end (RFC 9113, section 8.2.1; RFC 9110, section 5.5).
 */
export function isValue(bytes: Buffer, from: number, end: number): boolean {
  if (from === end) return true
  const first = bytes[from]
  const last = bytes[end - 1]
  if (first === space || first === tab || last === space || last === tab) return false
  for (let at = from; at < end; at++) {
    if (((classesOf[bytes[at] as number] as number) & byteClass.value) === 0) return false
  }
  return true
}
