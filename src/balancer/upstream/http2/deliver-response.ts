import { errorCode } from '../../../http2/error-code.ts'
import { ByteQueue } from '../../io/byte-queue.ts'
import { endTunnel, lose, reset } from './end-stream.ts'
import type { StreamState } from './stream-state.ts'
import { consume } from './waiting-bytes.ts'

/** Bytes of interim responses that may wait for a client: the windows of HTTP/2 do not bound them. */
const maxInterim = 65_536

/** Passes bytes of the response on, or keeps a copy of them while the client is slow. */
export function deliver<User>(state: StreamState<User>, bytes: Buffer): void {
  const { connection, carrier, waiting } = state
  if (connection.closed || carrier === undefined) return
  if (!state.paused && (waiting === undefined || waiting.length === 0)) {
    state.context.events.data(connection, bytes)
    consume(state, state.unread)
    return
  }
  state.waiting ??= new ByteQueue()
  state.waiting.add(bytes)
  carrier.waiting += bytes.length
  if (!state.headReceived && state.waiting.length > maxInterim)
    reset(state, errorCode.enhanceYourCalm)
}

/** Passes on the bytes that wait, until the client is slow again. */
export function deliverWaiting<User>(state: StreamState<User>): void {
  const { connection, carrier, context, waiting } = state
  if (carrier === undefined || waiting === undefined) return
  while (!state.paused && !connection.closed) {
    const bytes = waiting.shift()
    if (bytes === undefined) break
    carrier.waiting -= bytes.length
    consume(state, Math.min(bytes.length, state.unread))
    context.events.data(connection, bytes)
  }
  if (waiting.length > 0 || connection.closed) return
  consume(state, state.unread)
  if (state.tunnel && state.complete) endTunnel(state)
  else if (state.stream?.ending !== undefined) lose(state)
}
