import { budgetKind, spend } from './budget.ts'
import { fail } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import type { FrameHeader } from './frame-rules.ts'
import { frameType } from './frame-type.ts'

/** Frames of this size or more cost their sender as much as the receiver, and are not budgeted. */
const largeFrame = 1024

/** Whether a stream is idle: RFC 9113, section 5.1. Even identifiers are for push, which is disabled. */
export function isIdle<User>({ lastStream }: ConnectionState<User>, id: number): boolean {
  return id > lastStream || id % 2 === 0
}

/** Gaps between stream identifiers that are remembered; clients leave none, or one at the start. */
const maxGaps = 32

/** Notes that a client uses an identifier, and leaves out those between the last one and it. */
export function useIdentifier<User>(connection: ConnectionState<User>, id: number): void {
  const { gaps, lastStream } = connection
  const next = lastStream === 0 ? 1 : lastStream + 2
  if (id > next) {
    gaps.push(next, id - 2)
    if (gaps.length > 2 * maxGaps) gaps.splice(0, 2)
  }
  connection.lastStream = id
}

/** Whether an identifier was left out: such a stream is closed, and must not be opened (section 5.1.1). */
function wasLeftOut({ gaps }: { readonly gaps: readonly number[] }, id: number): boolean {
  for (let at = 0; at < gaps.length; at += 2) {
    if (id >= (gaps[at] as number) && id <= (gaps[at + 1] as number)) return true
  }
  return false
}

/**
 * Handles a DATA or HEADERS frame for a stream that is not open: RFC 9113, section 5.1. The frame is ignored if
 * this side has reset the stream, since it may have been in flight, or if a GOAWAY excludes the stream.
 *
 * @returns true if the frame is ignored; false if the connection has failed
 */
export function strayFrame<User>(
  connection: ConnectionState<User>,
  { type, stream, length }: FrameHeader,
): boolean {
  if (isIdle(connection, stream)) {
    return fail(connection, errorCode.protocolError, 'a frame for a stream that was not opened')
  }
  if (type !== frameType.data && wasLeftOut(connection, stream)) {
    return fail(connection, errorCode.protocolError, 'a stream with a lower identifier than before')
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
