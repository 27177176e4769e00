import type { BlockFrame } from './block-frame.ts'
import { finishRemote, streamError } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import { checkResponse } from './head-check.ts'
import type { StreamState } from './stream.ts'

/** Handles the decoded head of a response, interim or final: RFC 9113, section 8.1. */
export function receiveResponse<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  { endStream }: BlockFrame,
): boolean {
  const { head, events, limits } = connection
  if (head.fields.overflow || !checkResponse(head)) {
    return streamError(connection, stream, errorCode.protocolError)
  }
  if (head.status >= 100 && head.status < 200) {
    if (endStream) return streamError(connection, stream, errorCode.protocolError)
    if (++stream.interim > limits.interim) {
      return streamError(connection, stream, errorCode.enhanceYourCalm)
    }
    events.headers(stream, head, false)
    return !connection.dead
  }
  expectContent(stream, head)
  if (endStream && stream.missing > 0) {
    return streamError(connection, stream, errorCode.protocolError)
  }
  stream.headReceived = true
  stream.remoteEnded = endStream
  events.headers(stream, head, endStream)
  if (endStream) finishRemote(connection, stream)
  return !connection.dead
}

/** Determines how much content may follow the head: RFC 9110, section 6.4.1, and RFC 9113, section 8.1.1. */
function expectContent<User>(
  stream: StreamState<User>,
  { status, contentLength }: { readonly status: number; readonly contentLength: number },
): void {
  const tunnel = stream.method === 'CONNECT' && status >= 200 && status < 300
  stream.empty = stream.method === 'HEAD' || status === 204 || status === 304
  stream.missing = tunnel || stream.empty ? -1 : contentLength
}
