import { budgetKind, spend } from './budget.ts'
import { fail, streamError } from './close-stream.ts'
import { isIdle } from './closed-streams.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import { type FrameSink, payload, readFrames } from './frame-reader.ts'
import { type FrameHeader, frameError } from './frame-rules.ts'
import { defaultMaxFrameSize, frameFlag, frameType } from './frame-type.ts'
import { preface } from './preface.ts'
import {
  receiveGoAway,
  receivePing,
  receiveRstStream,
  receiveSettings,
  receiveWindowUpdate,
} from './receive-control.ts'
import { receiveDataHeader, receivePadding, receivePart } from './receive-data.ts'
import { keepsOrder, receiveContinuation, receiveHeaders } from './receive-headers.ts'

/** Processes bytes of the peer. On return they are processed or copied. Ignores all bytes after a failure. */
export function receive<User>(
  connection: ConnectionState<User>,
  sink: FrameSink,
  bytes: Buffer,
): void {
  if (connection.dead) return
  const from = connection.prefaceLeft > 0 ? readPreface(connection, bytes) : 0
  if (connection.dead || connection.prefaceLeft > 0) return
  readFrames(connection.reader, bytes, { from, sink })
}

/** Compares the first bytes of a client with the preface. Returns the number of bytes that belong to it. */
function readPreface<User>(connection: ConnectionState<User>, bytes: Buffer): number {
  const start = preface.length - connection.prefaceLeft
  const length = Math.min(connection.prefaceLeft, bytes.length)
  if (bytes.compare(preface, start, start + length, 0, length) !== 0) {
    fail(connection, errorCode.protocolError, 'no preface of HTTP/2')
  }
  connection.prefaceLeft -= length
  return length
}

/** The receiver of the frames of a connection. */
export function frameSink<User>(connection: ConnectionState<User>): FrameSink {
  return {
    header: (frame) => takeHeader(connection, frame),
    whole: (frame, bytes, { from, end }) => takeWhole(connection, frame, { bytes, from, end }),
    padding: (frame, length) => receivePadding(connection, frame, length),
    part: (frame, data, last) =>
      receivePart(connection, data, last && (frame.flags & frameFlag.endStream) !== 0),
  }
}

function takeHeader<User>(connection: ConnectionState<User>, frame: FrameHeader): number {
  connection.dataStream = undefined
  const error = frameError(frame, defaultMaxFrameSize)
  if (error !== errorCode.noError) {
    fail(connection, error, 'a frame with a wrong length or stream')
    return payload.none
  }
  if (!connection.settingsRead && !isFirst(frame)) {
    fail(connection, errorCode.protocolError, 'no SETTINGS at the start')
    return payload.none
  }
  if (!keepsOrder(connection, frame)) {
    fail(connection, errorCode.protocolError, 'a header block that is interrupted')
    return payload.none
  }
  if (frame.type === frameType.data) return receiveDataHeader(connection, frame)
  if (frame.type !== frameType.priority && frame.type <= frameType.continuation) {
    return payload.whole
  }
  return ignoreFrame(connection, frame) ? payload.skip : payload.none
}

function isFirst({ type, flags }: FrameHeader): boolean {
  return type === frameType.settings && (flags & frameFlag.ack) === 0
}

/** Ignores frames of unknown types, and PRIORITY except for its length: RFC 9113, sections 5.5, 5.3.2 and 6.3. */
function ignoreFrame<User>(connection: ConnectionState<User>, frame: FrameHeader): boolean {
  if (!spend(connection.budgets, budgetKind.ignored)) {
    return fail(connection, errorCode.enhanceYourCalm, 'too many frames that mean nothing')
  }
  if (frame.type !== frameType.priority || frame.length === 5) return true
  const stream = connection.streams.get(frame.stream)
  if (stream !== undefined) return streamError(connection, stream, errorCode.frameSizeError)
  // An idle stream cannot be reset.
  if (!isIdle(connection, frame.stream)) return true
  return fail(connection, errorCode.frameSizeError, 'PRIORITY of a wrong length')
}

function takeWhole<User>(
  connection: ConnectionState<User>,
  frame: FrameHeader,
  span: { readonly bytes: Buffer; readonly from: number; readonly end: number },
): boolean {
  switch (frame.type) {
    case frameType.headers:
      return receiveHeaders(connection, frame, span)
    case frameType.continuation:
      return receiveContinuation(connection, frame, span)
    case frameType.settings:
      return receiveSettings(connection, frame, span)
    case frameType.ping:
      return receivePing(connection, frame, span)
    case frameType.goAway:
      return receiveGoAway(connection, span)
    case frameType.rstStream:
      return receiveRstStream(connection, frame, span)
    default:
      return receiveWindowUpdate(connection, frame, span)
  }
}
