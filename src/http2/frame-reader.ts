import type { FrameHeader } from './frame-rules.ts'
import { frameFlag, frameHeaderBytes, frameType } from './frame-type.ts'

/** How to read the payload of a frame. */
export const payload = {
  /** In one piece, once it is complete. */
  whole: 0,
  /** In parts as they arrive, without padding: for DATA. */
  parts: 1,
  /** Discard it. */
  skip: 2,
  /** The connection has ended: stop reading. */
  none: 3,
} as const

/** The receiver of frames. Each function but `header` returns false to stop reading. */
export interface FrameSink {
  /** The header of a frame was read. Returns how to read its payload, as in `payload`. */
  header(frame: FrameHeader): number
  /** The whole payload, between two offsets of `bytes`, valid until the function returns. */
  whole(frame: FrameHeader, bytes: Buffer, span: PayloadSpan): boolean
  /** The pad length of a DATA frame was read: padding and pad length take `length` bytes of the frame. */
  padding(frame: FrameHeader, length: number): boolean
  /** A part of the data of a DATA frame; `last`: the data is complete. */
  part(frame: FrameHeader, data: Buffer, last: boolean): boolean
}

/** Where a payload starts and ends. */
export interface PayloadSpan {
  readonly from: number
  readonly end: number
}

/** The states of a reader: the part of a frame that it reads next. */
const at = { header: 0, whole: 1, padLength: 2, parts: 3, skip: 4, stopped: 5 } as const

/** Reads frames from bytes that come in pieces of any size. */
export interface FrameReader {
  readonly frame: FrameHeader
  state: number
  /** Bytes of the payload, or of the data in it, that were not received yet. */
  left: number
  /** Bytes of padding behind the data. */
  padding: number
  /** The received part of a header or payload that is incomplete. */
  kept: Buffer | undefined
  keptLength: number
}

/** A reader at the start of a frame. */
export function newFrameReader(): FrameReader {
  return {
    frame: { length: 0, type: 0, flags: 0, stream: 0 },
    state: at.header,
    left: 0,
    padding: 0,
    kept: undefined,
    keptLength: 0,
  }
}

/** Reads all frames in `bytes` from `from` on, and keeps the part of an incomplete frame. */
export function readFrames(
  reader: FrameReader,
  bytes: Buffer,
  { from, sink }: { readonly from: number; readonly sink: FrameSink },
): void {
  let position = from
  // An empty payload needs a step even if the bytes end with its header.
  while (position < bytes.length || isEmptyPayload(reader)) {
    const used = step(reader, bytes, position, sink)
    if (used < 0) {
      stopReading(reader)
      return
    }
    position += used
  }
}

/** Stops a reader for good. */
export function stopReading(reader: FrameReader): void {
  reader.state = at.stopped
  reader.kept = undefined
}

/** Whether a frame other than DATA is incomplete. */
export function isMidFrame({ state, keptLength }: FrameReader): boolean {
  return keptLength > 0 || state === at.whole
}

function isEmptyPayload({ state, left }: FrameReader): boolean {
  return left === 0 && (state === at.whole || state === at.parts || state === at.skip)
}

/** Takes one step; returns the bytes it used, or −1 to stop. */
function step(reader: FrameReader, bytes: Buffer, from: number, sink: FrameSink): number {
  switch (reader.state) {
    case at.header:
      return readHeader(reader, bytes, from, sink)
    case at.whole:
      return readWhole(reader, bytes, from, sink)
    case at.padLength:
      return readPadLength(reader, bytes[from] as number, sink)
    case at.parts:
      return readPart(reader, bytes, from, sink)
    case at.skip:
      return skip(reader, bytes.length - from)
    default:
      return -1
  }
}

function readHeader(reader: FrameReader, bytes: Buffer, from: number, sink: FrameSink): number {
  if (reader.keptLength === 0 && bytes.length - from >= frameHeaderBytes) {
    parseHeader(reader.frame, bytes, from)
    return startPayload(reader, sink) ? frameHeaderBytes : -1
  }
  reader.kept ??= Buffer.allocUnsafe(frameHeaderBytes)
  const used = bytes.copy(
    reader.kept,
    reader.keptLength,
    from,
    from + frameHeaderBytes - reader.keptLength,
  )
  reader.keptLength += used
  if (reader.keptLength < frameHeaderBytes) return used
  parseHeader(reader.frame, reader.kept, 0)
  reader.kept = undefined
  reader.keptLength = 0
  return startPayload(reader, sink) ? used : -1
}

function parseHeader(frame: FrameHeader, bytes: Buffer, from: number): void {
  frame.length = bytes.readUIntBE(from, 3)
  frame.type = bytes[from + 3] as number
  frame.flags = bytes[from + 4] as number
  // The reserved bit is ignored: RFC 9113, section 4.1.
  frame.stream = bytes.readUInt32BE(from + 5) & 0x7fffffff
}

function startPayload(reader: FrameReader, sink: FrameSink): boolean {
  const { frame } = reader
  const how = sink.header(frame)
  if (how === payload.none) return false
  reader.left = frame.length
  reader.padding = 0
  if (how === payload.whole) reader.state = at.whole
  else if (how === payload.skip) reader.state = at.skip
  else reader.state = isPadded(frame) ? at.padLength : at.parts
  return true
}

function isPadded({ type, flags }: FrameHeader): boolean {
  return type === frameType.data && (flags & frameFlag.padded) !== 0
}

function readWhole(reader: FrameReader, bytes: Buffer, from: number, sink: FrameSink): number {
  const { frame } = reader
  if (reader.kept === undefined && bytes.length - from >= frame.length) {
    reader.state = at.header
    const end = from + frame.length
    return sink.whole(frame, bytes, { from, end }) ? frame.length : -1
  }
  reader.kept ??= Buffer.allocUnsafe(frame.length)
  const { kept } = reader
  const used = bytes.copy(kept, reader.keptLength, from, from + reader.left)
  reader.keptLength += used
  reader.left -= used
  if (reader.left > 0) return used
  reader.kept = undefined
  reader.keptLength = 0
  reader.state = at.header
  return sink.whole(frame, kept, { from: 0, end: frame.length }) ? used : -1
}

function readPadLength(reader: FrameReader, padding: number, sink: FrameSink): number {
  reader.left -= 1 + padding
  reader.padding = padding
  reader.state = at.parts
  return sink.padding(reader.frame, 1 + padding) ? 1 : -1
}

function readPart(reader: FrameReader, bytes: Buffer, from: number, sink: FrameSink): number {
  const used = Math.min(reader.left, bytes.length - from)
  reader.left -= used
  const last = reader.left === 0
  if (last) {
    reader.left = reader.padding
    reader.state = reader.padding > 0 ? at.skip : at.header
  }
  return sink.part(reader.frame, bytes.subarray(from, from + used), last) ? used : -1
}

function skip(reader: FrameReader, available: number): number {
  const used = Math.min(reader.left, available)
  reader.left -= used
  if (reader.left === 0) reader.state = at.header
  return used
}
