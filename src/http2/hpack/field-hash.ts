/** A hash of the bytes between two offsets, for tables of a bounded number of fields. */
export function hashBytes(bytes: Buffer, from: number, end: number): number {
  let hash = end - from
  for (let at = from; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0
  return hash ^ (hash >>> 15)
}

/** Bytes between two offsets. */
export interface ByteSpan {
  readonly bytes: Buffer
  readonly from: number
  readonly end: number
}

/** Whether two spans have the same bytes. */
export function sameBytes(one: ByteSpan, other: ByteSpan): boolean {
  const length = one.end - one.from
  if (other.end - other.from !== length) return false
  for (let index = 0; index < length; index++) {
    if (one.bytes[one.from + index] !== other.bytes[other.from + index]) return false
  }
  return true
}
