import { type ByteBuffer, put, putPart, reserve } from '../../http/byte-buffer.ts'
import { field } from '../../http/field.ts'
import type { Head } from './head.ts'

const lineEnd = Buffer.from('\r\n', 'latin1')
const lastChunk = Buffer.from('0\r\n', 'latin1')
const digits = Buffer.from('0123456789abcdef', 'latin1')

/** Maximum bytes of the framing of a chunk, with the last chunk behind it. */
const overhead = 32

/** A chunk whose data is being put into a buffer. */
export interface OpenChunk {
  /** Offset of its size, and the number of its digits. */
  readonly start: number
  readonly width: number
  /** Offset of its data. */
  readonly data: number
}

/** Makes room for a chunk of at most `maxBytes`, and leaves its size open. */
export function openChunk(into: ByteBuffer, maxBytes: number): OpenChunk {
  reserve(into, maxBytes + overhead)
  const width = maxBytes.toString(16).length
  return { start: into.length, width, data: into.length + width + 2 }
}

/** Writes the size of a chunk, `size` bytes; without any, there is no chunk. */
export function closeChunk(
  into: ByteBuffer,
  { start, width, data }: OpenChunk,
  size: number,
): void {
  if (size === 0) return
  let rest = size
  for (let at = start + width - 1; at >= start; at--) {
    into.bytes[at] = digits[rest & 15] as number
    rest = Math.floor(rest / 16)
  }
  into.length = start + width
  put(into, lineEnd)
  into.length = data + size
  put(into, lineEnd)
}

/** Writes the last chunk, and the trailers that may be passed on. */
export function endChunks(into: ByteBuffer, trailers: Head | undefined): void {
  reserve(into, overhead + (trailers?.end ?? 0))
  put(into, lastChunk)
  if (trailers !== undefined) writeTrailers(into, trailers)
  put(into, lineEnd)
}

/** Fields that must not be trailers: framing, routing, control and credentials (RFC 9110, section 6.5.1). */
const forbidden =
  /^(age|authorization|cache-control|content-(encoding|range|type)|cookie2?|expires|if-.*|location|pragma|range|retry-after|set-cookie2?|vary|warning|www-authenticate|x-forwarded-.*)$/

function writeTrailers(into: ByteBuffer, trailers: Head): void {
  for (let index = 0; index < trailers.count; index++) {
    if (trailers.kind[index] !== field.other) continue
    const line = trailers.line[index] as number
    const name = trailers.bytes.toString('latin1', line, trailers.nameEnd[index]).toLowerCase()
    if (!forbidden.test(name.replaceAll('_', '-')))
      putPart(into, trailers.bytes, line, trailers.line[index + 1] as number)
  }
}
