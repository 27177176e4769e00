import { budgetKind, spend } from './budget.ts'
import { fail } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import type { FrameHeader } from './frame-rules.ts'

/** Frames of this size or more cost their sender as much as the receiver, and are not budgeted. */
const largeFrame = 1024

/** Whether a stream is idle: RFC 9113, section 5.1. Even identifiers are for push, which is disabled. */
export function isIdle<User>({ lastStream }: ConnectionState<User>, id: number): boolean {
  return id > lastStream || id % 2 === 0
}

/**
 * Handles a DATA or HEADERS frame for a stream that is not open: RFC 9113, section 5.1. The frame is ignored if
 * this side has reset the stream, since it may have been in flight, or if a GOAWAY excludes the stream.
 *
 * @returns true if the frame is ignored; false if the connection has failed
 */
export function strayFrame<User>(
  connection: ConnectionState<User>,
  { stream, length }: FrameHeader,
): boolean {
  if (isIdle(connection, stream)) {
    return fail(connection, errorCode.protocolError, 'a frame for a stream that was not opened')
  }
  const { resetStreams, forgotten, goAwaySent } = connection
  if (!resetStreams.has(stream) && stream > forgotten && stream <= goAwaySent) {
    return fail(connection, errorCode.streamClosed, 'a frame for a stream that has ended')
  }
  return length >= largeFrame || spendClosed(connection)
}

/** Counts a frame for a closed stream. Returns false if the budget is used up. */
export function spendClosed<User>(connection: ConnectionState<User>): boolean {
  if (spend(connection.budgets, budgetKind.closedStream)) return true
  return fail(connection, errorCode.enhanceYourCalm, 'too many frames for streams that have ended')
}
