import type { StreamState } from './stream-state.ts'

/** Whether bytes of the response wait for a client that reads slowly. */
export function isWaiting<User>({ waiting }: StreamState<User>): boolean {
  return waiting !== undefined && waiting.length > 0
}

/** Reports bytes of data as consumed, which opens the windows again. */
export function consume<User>(state: StreamState<User>, bytes: number): void {
  const { carrier, stream } = state
  if (bytes === 0 || carrier === undefined || stream === undefined) return
  state.unread -= bytes
  carrier.http2.consume(stream, bytes)
  carrier.scheduleFlush()
}

/** Discards all that waits, and all that was received with it. */
export function discardWaiting<User>(state: StreamState<User>): void {
  const { carrier, context, waiting } = state
  context.batch.dropOf(state)
  if (carrier !== undefined && waiting !== undefined) carrier.waiting -= waiting.length
  waiting?.clear()
  consume(state, state.unread)
}
