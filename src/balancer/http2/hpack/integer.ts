import type { ByteBuffer } from '../../http/byte-buffer.ts'

/** Bytes of a header block, and how far they were read. */
export interface BlockCursor {
  bytes: Buffer
  at: number
  end: number
}

/** The value that `readInteger` returns for an integer that is cut off or too large. */
export const noInteger = -1

/** Continuation bytes that an integer may have: enough for 32 bits, and for zeros that pad it. */
const maxContinuation = 5
const maxInteger = 2 ** 32 - 1

/**
 * Reads an integer whose first byte holds it in its low `prefix` bits: RFC 7541, section 5.1.
 *
 * @returns the integer, or `noInteger`
 */
export function readInteger(block: BlockCursor, prefix: number): number {
  if (block.at >= block.end) return noInteger
  const full = (1 << prefix) - 1
  const first = (block.bytes[block.at++] as number) & full
  return first < full ? first : readContinuation(block, full)
}

function readContinuation(block: BlockCursor, full: number): number {
  let value = full
  let scale = 1
  for (let count = 0; count < maxContinuation; count++) {
    if (block.at >= block.end) return noInteger
    const byte = block.bytes[block.at++] as number
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value <= maxInteger ? value : noInteger
    scale *= 128
  }
  return noInteger
}

/** Bytes that an integer takes at most. */
export const integerBytes = 6

/**
 * Writes an integer into the low `prefix` bits of a byte whose other bits are those of `pattern`, and
 * into the bytes behind it. There must be room.
 */
export function writeInteger(
  into: ByteBuffer,
  value: number,
  { prefix, pattern }: { readonly prefix: number; readonly pattern: number },
): void {
  const { bytes } = into
  const full = (1 << prefix) - 1
  if (value < full) {
    bytes[into.length++] = pattern | value
    return
  }
  bytes[into.length++] = pattern | full
  let rest = value - full
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes[into.length++] = (rest % 128) | 0x80
  bytes[into.length++] = rest
}
