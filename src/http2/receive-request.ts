import type { BlockFrame } from './block-frame.ts'
import { finishRemote, streamError } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import type { HeadProblem } from './events.ts'
import { checkRequest } from './head-check.ts'
import { openStream } from './open-stream.ts'
import type { StreamState } from './stream.ts'

/** Handles the decoded head of a request, and opens its stream. */
export function receiveRequest<User>(
  connection: ConnectionState<User>,
  frame: BlockFrame,
): boolean {
  const { head, events, extendedConnect } = connection
  const stream = openStream(connection, frame.stream, undefined)
  stream.headReceived = true
  stream.remoteEnded = frame.endStream
  if (head.fields.overflow) return refuseHead(connection, stream, 'too large')
  if (!checkRequest(head, extendedConnect)) return refuseHead(connection, stream, 'malformed')
  stream.missing = head.contentLength
  // A Content-Length without content is malformed: RFC 9113, section 8.1.1.
  if (frame.endStream && head.contentLength > 0) return refuseHead(connection, stream, 'malformed')
  events.headers(stream, head, frame.endStream)
  if (frame.endStream) finishRemote(connection, stream)
  return !connection.dead
}

/** Reports a request that must not be forwarded, and resets it unless the owner sends a response. */
function refuseHead<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  problem: HeadProblem,
): boolean {
  stream.discards = true
  connection.events.refused(stream, problem)
  return stream.headSent
    ? !connection.dead
    : streamError(connection, stream, errorCode.protocolError)
}
