import { budgetKind, spend } from './budget.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import { stopReading } from './frame-reader.ts'
import { max31Bits } from './frame-type.ts'
import { writeGoAway, writeRstStream } from './frame-writer.ts'
import { openOutput } from './output.ts'
import { consumeAll } from './receive-credit.ts'
import type { StreamEnding, StreamState } from './stream.ts'

/** Streams that this side reset and that are remembered one by one. */
const maxRemembered = 256

/** Ends a stream, whose memory is free from then on. */
export function closeStream<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  { ending, code }: { readonly ending: StreamEnding; readonly code: number },
): void {
  if (stream.ending !== undefined) return
  stream.ending = ending
  stream.code = code
  connection.streams.delete(stream.id)
  connection.waiting.delete(stream)
  if (connection.dataStream === stream) connection.dataStream = undefined
  stream.queue.length = 0
  stream.queued = 0
  stream.trailers = undefined
  // Data of a complete message is still with its reader, and counts until it is consumed.
  if (ending !== 'complete') consumeAll(connection, stream)
  if (ending === 'self') remember(connection, stream.id)
  connection.events.closed(stream)
  finishIfDone(connection)
}

/** Notes a stream that this side reset. Those that are forgotten are all below a bound, as are others then. */
export function remember<User>(connection: ConnectionState<User>, id: number): void {
  const { resetStreams } = connection
  resetStreams.add(id)
  if (resetStreams.size <= maxRemembered) return
  for (const oldest of resetStreams) {
    resetStreams.delete(oldest)
    connection.forgotten = Math.max(connection.forgotten, oldest)
    return
  }
}

/** Resets a stream. */
export function abortStream<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  code: number,
): void {
  if (stream.ending !== undefined || connection.dead) return
  writeRstStream(openOutput(connection.output), stream.id, code)
  closeStream(connection, stream, { ending: 'self', code })
}

/**
 * Resets a stream because of an error of the peer.
 *
 * @returns whether the connection goes on
 */
export function streamError<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  code: number,
): boolean {
  abortStream(connection, stream, code)
  return spendReset(connection)
}

/** Counts a stream that was opened in vain; false: there were too many. */
export function spendReset<User>(connection: ConnectionState<User>): boolean {
  if (connection.dead) return false
  if (spend(connection.budgets, budgetKind.reset)) return true
  return fail(connection, errorCode.enhanceYourCalm, 'too many streams were reset')
}

/** This side of a stream has ended. */
export function finishLocal<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
): void {
  stream.localEnded = true
  if (stream.remoteEnded) {
    closeStream(connection, stream, { ending: 'complete', code: errorCode.noError })
  } else if (stream.discards) abortStream(connection, stream, errorCode.noError)
}

/** Ends the stream if its message, which was just received in full, was the last that it waited for. */
export function finishRemote<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
): void {
  if (stream.localEnded) {
    closeStream(connection, stream, { ending: 'complete', code: errorCode.noError })
  }
}

/** The last stream that GOAWAY names: as a client we process none. */
export function lastProcessed<User>({
  role,
  lastStream,
  goAwaySent,
}: ConnectionState<User>): number {
  return role === 'client' ? 0 : Math.min(lastStream, goAwaySent)
}

/**
 * Ends the connection because of an error of the peer: RFC 9113, section 5.4.1.
 *
 * @returns false: the connection does not go on
 */
export function fail<User>(connection: ConnectionState<User>, code: number, reason: string): false {
  if (connection.dead) return false
  end(connection, code, reason)
  connection.events.failed(code, reason)
  return false
}

/** Ends the connection at once, and all its streams with it. */
export function end<User>(connection: ConnectionState<User>, code: number, debug: string): void {
  if (connection.dead) return
  const lastStream = lastProcessed(connection)
  writeGoAway(openOutput(connection.output), { lastStream, code, debug })
  abandon(connection, code)
}

/** Ends all streams of a connection that is lost. */
export function abandon<User>(connection: ConnectionState<User>, code: number): void {
  if (connection.dead) return
  connection.dead = true
  stopReading(connection.reader)
  for (const stream of connection.streams.values()) {
    closeStream(connection, stream, { ending: 'connection', code })
  }
}

/** Reports once that a connection that one side leaves has no streams any more. */
export function finishIfDone<User>(connection: ConnectionState<User>): void {
  const { streams, role, goAwaySent, goAwayReceived } = connection
  if (connection.finished || connection.dead || streams.size > 0) return
  const leaves = goAwaySent < max31Bits || (role === 'client' && goAwayReceived <= max31Bits)
  if (!leaves) return
  connection.finished = true
  connection.events.finished()
}
