import type { ByteBuffer } from '../../http/byte-buffer.ts'

/** A header block and the position of its reader. */
export interface BlockCursor {
  bytes: Buffer
  at: number
  end: number
}

/** The result of `readInteger` for an integer that is truncated or too large. */
export const noInteger = -1

/** Maximum number of continuation bytes: 32 bits need five. */
const maxContinuation = 5
const maxInteger = 2 ** 32 - 1

/**
 * Reads an integer that starts in the low `prefix` bits of the next byte: RFC 7541, section 5.1.
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

/** Maximum bytes of an integer. */
export const integerBytes = 6

/**
 * Writes an integer: into the low `prefix` bits of a byte, with `pattern` in its other bits, and into the bytes
 * after it. There must be room.
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
