import { type ByteBuffer, putPart, reserve } from '../http/byte-buffer.ts'
import type { FrameHeader } from './frame-rules.ts'
import { frameFlag, frameHeaderBytes, frameType } from './frame-type.ts'

/** Reserves room for a frame and writes its header. */
export function openFrame(into: ByteBuffer, { length, type, flags, stream }: FrameHeader): void {
  reserve(into, frameHeaderBytes + length)
  const { bytes, length: at } = into
  bytes[at] = length >>> 16
  bytes[at + 1] = (length >>> 8) & 0xff
  bytes[at + 2] = length & 0xff
  bytes[at + 3] = type
  bytes[at + 4] = flags
  putWord(bytes, at + 5, stream)
  into.length = at + frameHeaderBytes
}

function putWord(bytes: Buffer, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = (word >>> 16) & 0xff
  bytes[at + 2] = (word >>> 8) & 0xff
  bytes[at + 3] = word & 0xff
}

function addWord(into: ByteBuffer, word: number): void {
  putWord(into.bytes, into.length, word)
  into.length += 4
}

/** Writes a DATA frame with a part of `bytes`. */
export function writeData(
  into: ByteBuffer,
  bytes: Buffer,
  { stream, from, to, end }: DataSpan,
): void {
  const flags = end ? frameFlag.endStream : 0
  openFrame(into, { length: to - from, type: frameType.data, flags, stream })
  putPart(into, bytes, from, to)
}

/** The part of a buffer for a DATA frame; `end`: END_STREAM. */
export interface DataSpan {
  readonly stream: number
  readonly from: number
  readonly to: number
  readonly end: boolean
}

/** Writes RST_STREAM. */
export function writeRstStream(into: ByteBuffer, stream: number, code: number): void {
  openFrame(into, { length: 4, type: frameType.rstStream, flags: 0, stream })
  addWord(into, code)
}

/** Writes WINDOW_UPDATE; stream 0 is the connection. */
export function writeWindowUpdate(into: ByteBuffer, stream: number, increment: number): void {
  openFrame(into, { length: 4, type: frameType.windowUpdate, flags: 0, stream })
  addWord(into, increment)
}

/** Writes SETTINGS with pairs of identifier and value. */
export function writeSettings(
  into: ByteBuffer,
  settings: readonly (readonly [number, number])[],
): void {
  openFrame(into, { length: 6 * settings.length, type: frameType.settings, flags: 0, stream: 0 })
  for (const [identifier, value] of settings) {
    into.bytes[into.length++] = identifier >>> 8
    into.bytes[into.length++] = identifier & 0xff
    addWord(into, value)
  }
}

/** Writes the acknowledgement of SETTINGS. */
export function writeSettingsAck(into: ByteBuffer): void {
  openFrame(into, { length: 0, type: frameType.settings, flags: frameFlag.ack, stream: 0 })
}

/** Writes PING or its acknowledgement, with the eight bytes of `opaque` from `from` on. */
export function writePing(
  into: ByteBuffer,
  opaque: Buffer,
  { from, ack }: { readonly from: number; readonly ack: boolean },
): void {
  openFrame(into, { length: 8, type: frameType.ping, flags: ack ? frameFlag.ack : 0, stream: 0 })
  putPart(into, opaque, from, from + 8)
}

/** Writes GOAWAY with debug data. */
export function writeGoAway(into: ByteBuffer, { lastStream, code, debug }: GoAway): void {
  openFrame(into, { length: 8 + debug.length, type: frameType.goAway, flags: 0, stream: 0 })
  addWord(into, lastStream)
  addWord(into, code)
  into.length += into.bytes.write(debug, into.length, 'latin1')
}

/** The contents of GOAWAY: RFC 9113, section 6.8. Streams above `lastStream` were not processed. */
export interface GoAway {
  readonly lastStream: number
  readonly code: number
  /** Debug data as text, one character a byte. */
  readonly debug: string
}
