import { budgetKind, spend } from './budget.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import { stopReading } from './frame-reader.ts'
import { max31Bits } from './frame-type.ts'
import { writeGoAway, writeRstStream } from './frame-writer.ts'
import { openOutput } from './output.ts'
import { consumeAll } from './receive-credit.ts'
import { defaultWindow } from './settings.ts'
import type { StreamEnding, StreamState } from './stream.ts'
import { chargeWindow } from './window-budget.ts'

/** Identifiers of reset streams that are remembered one by one. */
const maxRemembered = 256

/** Closes a stream and releases its memory. */
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
  // Data of a complete message may still be unread by its consumer, and counts until it is consumed.
  if (ending !== 'complete') consumeAll(connection, stream)
  connection.promised -= stream.received.size - stream.received.unread
  if (ending === 'self') remember(connection, stream.id)
  connection.events.closed(stream)
  finishIfDone(connection)
}

/** Remembers a stream that this side reset. The oldest identifier beyond the bound is dropped. */
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

/** Counts a stream that ended by a reset or refusal. Returns false if the budget is used up. */
export function spendReset<User>(connection: ConnectionState<User>): boolean {
  if (connection.dead) return false
  if (spend(connection.budgets, budgetKind.reset)) return true
  return fail(connection, errorCode.enhanceYourCalm, 'too many streams were reset')
}

/** Marks our side of a stream as ended, and closes the stream if nothing more is expected. */
export function finishLocal<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
): void {
  stream.localEnded = true
  if (stream.remoteEnded) {
    closeStream(connection, stream, { ending: 'complete', code: errorCode.noError })
  } else if (stream.discards) abortStream(connection, stream, errorCode.noError)
}

/** Closes a stream whose peer has ended its side if our side has ended too. */
export function finishRemote<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
): void {
  if (stream.localEnded) {
    closeStream(connection, stream, { ending: 'complete', code: errorCode.noError })
  }
}

/** The last stream identifier for GOAWAY; 0 for a client, since servers open no streams. */
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

/** Ends the connection with GOAWAY, and closes all streams. */
export function end<User>(connection: ConnectionState<User>, code: number, debug: string): void {
  if (connection.dead) return
  const lastStream = lastProcessed(connection)
  writeGoAway(openOutput(connection.output), { lastStream, code, debug })
  abandon(connection, code)
}

/** Ends the connection without output, and closes all streams. */
export function abandon<User>(connection: ConnectionState<User>, code: number): void {
  if (connection.dead) return
  connection.dead = true
  stopReading(connection.reader)
  const { windowBudget, received } = connection
  if (windowBudget !== undefined) chargeWindow(windowBudget, received.size, defaultWindow)
  for (const stream of connection.streams.values()) {
    // A request that is still in the output was never sent.
    stream.unprocessed = connection.role === 'client' && stream.id > connection.lastTaken
    closeStream(connection, stream, { ending: 'connection', code })
  }
}

/** Reports `finished`, once, when a connection that is shutting down has no open stream. */
export function finishIfDone<User>(connection: ConnectionState<User>): void {
  const { streams, role, lastAnnounced, goAwayReceived } = connection
  if (connection.finished || connection.dead || streams.size > 0) return
  const leaves = lastAnnounced || (role === 'client' && goAwayReceived <= max31Bits)
  if (!leaves) return
  connection.finished = true
  connection.events.finished()
}
