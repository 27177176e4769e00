import { budgetKind, spend } from './budget.ts'
import { fail, finishRemote, streamError } from './close-stream.ts'
import { strayFrame } from './closed-streams.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import { payload } from './frame-reader.ts'
import type { FrameHeader } from './frame-rules.ts'
import { frameFlag } from './frame-type.ts'
import { consume, consumeOfConnection } from './receive-credit.ts'
import { takeReceived } from './receive-window.ts'
import type { StreamState } from './stream.ts'

/**
 * Handles the header of a DATA frame, whose whole payload counts in both windows: RFC 9113, sections 6.1, 6.9.1.
 *
 * @returns how to read its payload
 */
export function receiveDataHeader<User>(
  connection: ConnectionState<User>,
  frame: FrameHeader,
): number {
  if (!takeReceived(connection.received, frame.length)) {
    fail(connection, errorCode.flowControlError, 'more data than the window of the connection')
    return payload.none
  }
  const stream = connection.streams.get(frame.stream)
  if (stream === undefined) {
    const ignored = strayFrame(connection, frame)
    consumeOfConnection(connection, frame.length)
    return ignored ? payload.skip : payload.none
  }
  const error = dataError(connection, stream, frame)
  if (error !== errorCode.noError) {
    const goesOn = streamError(connection, stream, error)
    consumeOfConnection(connection, frame.length)
    return goesOn ? payload.skip : payload.none
  }
  connection.dataStream = stream
  const padded = (frame.flags & frameFlag.padded) !== 0
  return padded || announceData(connection, stream, frame, frame.length)
    ? payload.parts
    : skipOrStop(connection)
}

function dataError<User>(
  { role }: ConnectionState<User>,
  stream: StreamState<User>,
  frame: FrameHeader,
): number {
  if (stream.remoteEnded) return errorCode.streamClosed
  if (role === 'client' && !stream.headReceived) return errorCode.protocolError
  if (!takeReceived(stream.received, frame.length)) return errorCode.flowControlError
  return errorCode.noError
}

function skipOrStop<User>({ dead }: ConnectionState<User>): number {
  return dead ? payload.none : payload.skip
}

/** Handles the padding of the current DATA frame: it counts as consumed. */
export function receivePadding<User>(
  connection: ConnectionState<User>,
  frame: FrameHeader,
  length: number,
): boolean {
  if (length > frame.length) {
    return fail(connection, errorCode.protocolError, 'padding longer than its frame')
  }
  const stream = connection.dataStream
  if (stream === undefined || stream.ending !== undefined) return true
  consume(connection, stream, length)
  announceData(connection, stream, frame, frame.length - length)
  return !connection.dead
}

/**
 * Checks the number of bytes of data in a frame against Content-Length: RFC 9113, section 8.1.1. Done before the
 * data is read, so that the outcome does not depend on how the bytes are split.
 *
 * @returns whether the data is to be read
 */
function announceData<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  { flags }: FrameHeader,
  bytes: number,
): boolean {
  const ends = (flags & frameFlag.endStream) !== 0
  if (bytes === 0 && !ends && !spend(connection.budgets, budgetKind.empty)) {
    return fail(connection, errorCode.enhanceYourCalm, 'too many empty frames')
  }
  const { missing } = stream
  const counted = missing >= 0
  const tooMuch = counted ? bytes > missing : stream.empty && bytes > 0
  const tooLittle = counted && ends && bytes < missing
  if (counted) stream.missing = missing - bytes
  if (!tooMuch && !tooLittle) return true
  streamError(connection, stream, errorCode.protocolError)
  return false
}

/** Handles a part of the data of the current DATA frame. */
export function receivePart<User>(
  connection: ConnectionState<User>,
  data: Buffer,
  end: boolean,
): boolean {
  const stream = connection.dataStream
  if (stream === undefined || stream.ending !== undefined) return true
  if (end) stream.remoteEnded = true
  if (stream.discards) consume(connection, stream, data.length)
  else if (data.length > 0 || end) connection.events.data(stream, data, end)
  if (end) finishRemote(connection, stream)
  return !connection.dead
}
