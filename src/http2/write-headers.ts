import type { ByteBuffer } from '../http/byte-buffer.ts'
import type { FieldList } from './field-list.ts'
import { frameFlag, frameHeaderBytes, frameType } from './frame-type.ts'
import { openFrame } from './frame-writer.ts'
import { encodeBlock, type HpackEncoder } from './hpack/encoder.ts'

/** The target of a header section. */
export interface HeadersTarget {
  readonly stream: number
  readonly endStream: boolean
  /** The largest payload of a frame that the peer accepts. */
  readonly maxFrameSize: number
}

/** Writes a header section as HEADERS, and CONTINUATION where one frame is not enough: RFC 9113, section 4.3. */
export function writeHeaders(
  into: ByteBuffer,
  encoder: HpackEncoder,
  { fields, to }: { readonly fields: FieldList; readonly to: HeadersTarget },
): void {
  const { stream, endStream, maxFrameSize } = to
  const start = into.length
  const flags = frameFlag.endHeaders | (endStream ? frameFlag.endStream : 0)
  openFrame(into, { length: 0, type: frameType.headers, flags, stream })
  encodeBlock(encoder, fields, into)
  const length = into.length - start - frameHeaderBytes
  if (length > maxFrameSize) splitBlock(into, start, to)
  else {
    into.bytes[start] = length >>> 16
    into.bytes[start + 1] = (length >>> 8) & 0xff
    into.bytes[start + 2] = length & 0xff
  }
}

/** Rewrites the block of the frame at `start` as several frames of the size that the peer accepts. */
function splitBlock(into: ByteBuffer, start: number, to: HeadersTarget): void {
  const { stream, endStream, maxFrameSize } = to
  const block = Buffer.from(into.bytes.subarray(start + frameHeaderBytes, into.length))
  into.length = start
  for (let from = 0; from < block.length; from += maxFrameSize) {
    const part = block.subarray(from, from + maxFrameSize)
    const first = from === 0
    const last = from + part.length === block.length
    const flags = (first && endStream ? frameFlag.endStream : 0) | (last ? frameFlag.endHeaders : 0)
    const type = first ? frameType.headers : frameType.continuation
    openFrame(into, { length: part.length, type, flags, stream })
    part.copy(into.bytes, into.length)
    into.length += part.length
  }
}
