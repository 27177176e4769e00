import { budgetKind, spend } from './budget.ts'
import {
  closeStream,
  fail,
  finishIfDone,
  remember,
  spendReset,
  streamError,
} from './close-stream.ts'
import { isIdle, spendClosed } from './closed-streams.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import type { PayloadSpan } from './frame-reader.ts'
import type { FrameHeader } from './frame-rules.ts'
import { frameFlag, max31Bits } from './frame-type.ts'
import { writePing, writeSettingsAck } from './frame-writer.ts'
import { announcementRead, isAnnouncement } from './go-away.ts'
import { limitTable } from './hpack/decoder.ts'
import { allowTable } from './hpack/encoder.ts'
import { openOutput } from './output.ts'
import { defaultWindow, readSettings } from './settings.ts'
import type { StreamState } from './stream.ts'

/** The payload of a frame. */
type Payload = PayloadSpan & { readonly bytes: Buffer }

/** Handles a SETTINGS frame: RFC 9113, section 6.5. */
export function receiveSettings<User>(
  connection: ConnectionState<User>,
  { flags }: FrameHeader,
  { bytes, from, end }: Payload,
): boolean {
  if ((flags & frameFlag.ack) !== 0) return settingsAcknowledged(connection)
  const { peer, role, budgets, encoder, output } = connection
  if (!spend(budgets, budgetKind.settings)) {
    return fail(connection, errorCode.enhanceYourCalm, 'too many SETTINGS')
  }
  const window = peer.initialWindowSize
  const error = readSettings(peer, bytes, { from, end, byServer: role === 'client' })
  if (error !== errorCode.noError) return fail(connection, error, 'a setting that is not allowed')
  if (!moveSendWindows(connection, peer.initialWindowSize - window)) {
    return fail(connection, errorCode.flowControlError, 'a setting that makes a window too large')
  }
  allowTable(encoder, peer.smallestTableSize)
  allowTable(encoder, peer.headerTableSize)
  writeSettingsAck(openOutput(output))
  connection.settingsRead = true
  connection.events.settings(peer)
  return !connection.dead
}

/** Applies our settings that lower a default: the peer knows them from now on. */
function settingsAcknowledged<User>(connection: ConnectionState<User>): boolean {
  if (connection.acknowledged) {
    return fail(connection, errorCode.protocolError, 'SETTINGS acknowledged that were not sent')
  }
  connection.acknowledged = true
  const { limits, decoder, streams } = connection
  limitTable(decoder, limits.headerTable)
  const less = defaultWindow - limits.streamWindow
  if (less > 0) for (const { received } of streams.values()) received.available -= less
  return true
}

/** Changes the send windows of all streams after SETTINGS_INITIAL_WINDOW_SIZE: RFC 9113, section 6.9.2. */
function moveSendWindows<User>(connection: ConnectionState<User>, difference: number): boolean {
  if (difference === 0) return true
  for (const stream of connection.streams.values()) {
    stream.sendWindow += difference
    if (stream.sendWindow > max31Bits) return false
    wait(connection, stream)
  }
  return true
}

/** Schedules a stream that has both queued data and an open window. */
function wait<User>({ waiting }: ConnectionState<User>, stream: StreamState<User>): void {
  if (stream.queued > 0 && stream.sendWindow > 0) waiting.add(stream)
  else waiting.delete(stream)
}

/** Handles a PING frame: RFC 9113, section 6.7. */
export function receivePing<User>(
  connection: ConnectionState<User>,
  { flags }: FrameHeader,
  { bytes, from }: Payload,
): boolean {
  if ((flags & frameFlag.ack) !== 0) {
    if (isAnnouncement(bytes, from)) announcementRead(connection)
    else connection.events.pong()
    return !connection.dead
  }
  if (!spend(connection.budgets, budgetKind.ping)) {
    return fail(connection, errorCode.enhanceYourCalm, 'too many PING')
  }
  writePing(openOutput(connection.output), bytes, { from, ack: true })
  return true
}

/** Handles a GOAWAY frame: RFC 9113, section 6.8. */
export function receiveGoAway<User>(
  connection: ConnectionState<User>,
  { bytes, from, end }: Payload,
): boolean {
  const lastStream = bytes.readUInt32BE(from) & max31Bits
  const code = bytes.readUInt32BE(from + 4)
  if (lastStream > connection.goAwayReceived) {
    return fail(connection, errorCode.protocolError, 'GOAWAY with more streams than before')
  }
  connection.goAwayReceived = lastStream
  if (connection.role === 'client') {
    for (const stream of connection.streams.values()) {
      if (stream.id > lastStream) leaveUnprocessed(connection, stream, code)
    }
  }
  connection.events.goAway(code, lastStream, bytes.subarray(from + 8, end))
  finishIfDone(connection)
  return !connection.dead
}

function leaveUnprocessed<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  code: number,
): void {
  stream.unprocessed = true
  remember(connection, stream.id)
  closeStream(connection, stream, { ending: 'connection', code })
}

/** Handles a RST_STREAM frame: RFC 9113, section 6.4. */
export function receiveRstStream<User>(
  connection: ConnectionState<User>,
  frame: FrameHeader,
  { bytes, from }: Payload,
): boolean {
  const stream = connection.streams.get(frame.stream)
  if (stream === undefined) {
    if (!isIdle(connection, frame.stream)) return spendClosed(connection)
    return fail(connection, errorCode.protocolError, 'RST_STREAM for a stream that was not opened')
  }
  const code = bytes.readUInt32BE(from)
  // After a complete response a server may abort the rest of the request (section 8.1): not counted. A client has no such
  // reason, and a request that it resets was begun for nothing, whatever the code.
  const { role } = connection
  const done = role === 'client' && code === errorCode.noError && stream.remoteEnded
  stream.unprocessed = code === errorCode.refusedStream
  closeStream(connection, stream, { ending: 'peer', code })
  return done ? !connection.dead : spendReset(connection)
}

/** Handles a WINDOW_UPDATE frame: RFC 9113, section 6.9. */
export function receiveWindowUpdate<User>(
  connection: ConnectionState<User>,
  frame: FrameHeader,
  { bytes, from }: Payload,
): boolean {
  if (!spend(connection.budgets, budgetKind.windowUpdate)) {
    return fail(connection, errorCode.enhanceYourCalm, 'too many WINDOW_UPDATE')
  }
  const increment = bytes.readUInt32BE(from) & max31Bits
  if (frame.stream === 0) return widenConnection(connection, increment)
  const stream = connection.streams.get(frame.stream)
  if (stream === undefined) {
    if (!isIdle(connection, frame.stream)) return true
    return fail(
      connection,
      errorCode.protocolError,
      'WINDOW_UPDATE for a stream that was not opened',
    )
  }
  if (increment === 0) return streamError(connection, stream, errorCode.protocolError)
  if (stream.sendWindow + increment > max31Bits) {
    return streamError(connection, stream, errorCode.flowControlError)
  }
  stream.sendWindow += increment
  wait(connection, stream)
  return true
}

function widenConnection<User>(connection: ConnectionState<User>, increment: number): boolean {
  if (increment === 0) return fail(connection, errorCode.protocolError, 'WINDOW_UPDATE of 0')
  if (connection.sendWindow + increment > max31Bits) {
    return fail(connection, errorCode.flowControlError, 'a window that is too large')
  }
  connection.sendWindow += increment
  return true
}
