/** Octets that are put together before they are written in one go. Grows as needed. */
export interface ByteBuffer {
  bytes: Buffer
  length: number
}

/** Below this many octets a loop is cheaper than a call into native code. */
const short = 24

/** An empty buffer with room for `size` octets. */
export function byteBuffer(size: number): ByteBuffer {
  return { bytes: Buffer.allocUnsafeSlow(size), length: 0 }
}

/** Makes room for `more` octets. */
export function reserve(into: ByteBuffer, more: number): void {
  const { bytes, length } = into
  if (length + more <= bytes.length) return
  into.bytes = Buffer.allocUnsafeSlow(Math.max(length + more, bytes.length * 2))
  bytes.copy(into.bytes, 0, 0, length)
}

/** Adds the octets of `source` between two offsets. There must be room. */
export function putPart(into: ByteBuffer, source: Buffer, from: number, to: number): void {
  const { bytes, length } = into
  if (to - from > short) source.copy(bytes, length, from, to)
  else for (let i = from, at = length; i < to; i++, at++) bytes[at] = source[i] as number
  into.length = length + to - from
}

/** Adds all octets of `source`. There must be room. */
export function put(into: ByteBuffer, source: Buffer): void {
  putPart(into, source, 0, source.length)
}

/** Adds text, a character an octet. There must be room. */
export function putText(into: ByteBuffer, text: string): void {
  into.length += into.bytes.write(text, into.length, 'latin1')
}
