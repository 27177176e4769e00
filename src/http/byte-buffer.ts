/** Bytes that are assembled before they are written in one call. Grows as needed. */
export interface ByteBuffer {
  bytes: Buffer
  length: number
}

/** Up to this many bytes a loop is cheaper than a call into native code. */
const maxLooped = 24

/** An empty buffer with room for `size` bytes. */
export function byteBuffer(size: number): ByteBuffer {
  return { bytes: Buffer.allocUnsafeSlow(size), length: 0 }
}

/** Makes room for `more` bytes. */
export function reserve(into: ByteBuffer, more: number): void {
  const { bytes, length } = into
  if (length + more <= bytes.length) return
  into.bytes = Buffer.allocUnsafeSlow(Math.max(length + more, bytes.length * 2))
  bytes.copy(into.bytes, 0, 0, length)
}

/** Adds the bytes of `source` between two offsets. There must be room. */
export function putPart(into: ByteBuffer, source: Buffer, from: number, to: number): void {
  const { bytes, length } = into
  if (to - from > maxLooped) source.copy(bytes, length, from, to)
  else for (let i = from, at = length; i < to; i++, at++) bytes[at] = source[i] as number
  into.length = length + to - from
}

/** Adds all bytes of `source`. There must be room. */
export function put(into: ByteBuffer, source: Buffer): void {
  putPart(into, source, 0, source.length)
}

/** Adds text, one byte per character. There must be room. */
export function putText(into: ByteBuffer, text: string): void {
  into.length += into.bytes.write(text, into.length, 'latin1')
}
