import type { BlockFrame } from './block-frame.ts'
import { finishRemote, streamError } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import { checkTrailers } from './head-check.ts'
import type { StreamState } from './stream.ts'

/** Handles decoded trailers, which must end the stream: RFC 9113, section 8.1. */
export function receiveTrailers<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  { endStream }: BlockFrame,
): boolean {
  const { fields } = connection.head
  if (stream.remoteEnded) return streamError(connection, stream, errorCode.streamClosed)
  const fits = endStream && !fields.overflow && checkTrailers(fields)
  if (!fits || stream.missing > 0) {
    return streamError(connection, stream, errorCode.protocolError)
  }
  stream.remoteEnded = true
  if (!stream.discards) connection.events.trailers(stream, fields)
  finishRemote(connection, stream)
  return !connection.dead
}
