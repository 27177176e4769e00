import { budgetKind, spend } from './budget.ts'
import { fail } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import type { FrameHeader } from './frame-rules.ts'

/** A frame of this size is paid for by what it costs its sender. */
const largeFrame = 1024

/** Whether a stream was never opened: RFC 9113, section 5.1. Even identifiers are for push, which there is not. */
export function isIdle<User>({ lastStream }: ConnectionState<User>, id: number): boolean {
  return id > lastStream || id % 2 === 0
}

/**
 * Judges a DATA or HEADERS frame for a stream that is not open: RFC 9113, section 5.1. It is ignored where this
 * side reset the stream, since it may have been on its way, or went away before it.
 *
 * @returns whether it is ignored; otherwise the connection has failed
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

/** Counts a frame that changes nothing, as its stream has ended. */
export function spendClosed<User>(connection: ConnectionState<User>): boolean {
  if (spend(connection.budgets, budgetKind.closedStream)) return true
  return fail(connection, errorCode.enhanceYourCalm, 'too many frames for streams that have ended')
}
