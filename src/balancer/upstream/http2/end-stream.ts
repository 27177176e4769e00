import { errorCode } from '../../../http2/error-code.ts'
import { framing } from '../../http/framing.ts'
import type { UpstreamConnection } from '../connection.ts'
import type { StreamState } from './stream-state.ts'
import { discardWaiting, isWaiting } from './waiting-bytes.ts'

/** Neither a head nor a chunk of HTTP/1.1: its reader reports an error. */
const malformed = Buffer.from('\0')

/** The stream was closed, by either side or with its session. */
export function onStreamClosed<User>(state: StreamState<User>): void {
  const { connection, context, stream, complete } = state
  // This side closes a stream whose response is still wanted only because of an error of the backend.
  const malformedResponse = stream?.ending === 'self' && !complete
  if (malformedResponse && connection.state === 'head') context.batch.dropOf(state)
  else context.batch.flushOf(state)
  release(state)
  if (connection.closed) return
  if (malformedResponse) failMalformed(state)
  else if (!complete || !isWaiting(state)) lose(state)
  else if (stream?.localEnded === false) {
    connection.writeFailed = true
    context.events.writeFailed(connection)
  }
}

/** The stream ended before the response was complete. */
export function lose<User>(state: StreamState<User>): void {
  const { context, connection, carrier, stream, fresh } = state
  if (connection.closed) return
  const { ending, code } = stream ?? { ending: undefined, code: 0 }
  const refused = ending === 'peer' && code === errorCode.refusedStream
  const unsent = stream === undefined || (stream.unprocessed && !refused)
  const sessionFails = ending === 'connection' && code !== errorCode.cancel && !unsent
  // A request that the backend did not process may be sent again, whatever it was: RFC 9113, section 8.7.
  connection.nothingSent = unsent || refused
  // The end of a session is no failure of the backend; an error in it is, and so is the end of a single stream.
  const sessionEnds = carrier?.closing === true && !sessionFails
  connection.reused = !fresh && (unsent || (connection.reused && sessionEnds))
  if (sessionFails) connection.reason = 'response-malformed'
  else if (ending === 'peer') connection.reason = 'reset-before-response'
  connection.closed = true
  context.events.closed(connection, false)
  discardWaiting(state)
}

/** The backend ended the tunnel, and all that it sent was delivered. */
export function endTunnel<User>(state: StreamState<User>): void {
  const { connection, context } = state
  if (connection.closed) return
  connection.closed = true
  context.events.closed(connection, true)
  reset(state, errorCode.noError)
}

/** The request is complete or given up: the backend need not go on with it. */
export function abandon<User>(state: StreamState<User>): void {
  const { carrier, connection, stream } = state
  discardWaiting(state)
  if (carrier === undefined || stream?.ending !== undefined) return
  if (stream === undefined) {
    release(state)
    return
  }
  if (connection.state === 'head') carrier.ping()
  // The response came before the end of the request, which the backend does not need (RFC 9113, section 8.1).
  if (stream.remoteEnded) reset(state, state.request.ended ? errorCode.cancel : errorCode.noError)
  else if (stream.localEnded && isRead(connection)) carrier.awaitEnd(state)
  else reset(state, errorCode.cancel)
}

/** Resets the stream. */
export function reset<User>(
  { carrier, stream }: Pick<StreamState<User>, 'carrier' | 'stream'>,
  code: number,
): void {
  if (carrier === undefined || stream === undefined) return
  carrier.http2.resetStream(stream, code)
  carrier.countReset()
  carrier.scheduleFlush()
}

/** The response is malformed: its reader says so, unless a part of it was passed on. */
function failMalformed<User>(state: StreamState<User>): void {
  const { connection, context } = state
  discardWaiting(state)
  if (connection.state === 'head') context.events.data(connection, malformed)
  lose(state)
}

/** Ends its count among the streams of the session, once. */
function release<User>(state: StreamState<User>): void {
  if (!state.counts) return
  state.counts = false
  state.carrier?.ended(state)
}

/** Whether all of the response was read, though the end of the stream may not have come yet. */
function isRead<User>({ state, framing: kind, left }: UpstreamConnection<User>): boolean {
  return state === 'body' && kind === framing.length && left === 0
}
