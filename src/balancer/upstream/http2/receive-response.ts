import type { FieldList } from '../../../http2/field-list.ts'
import type { Http2Head } from '../../../http2/head-check.ts'
import { endTunnel } from './end-stream.ts'
import type { StreamState } from './stream-state.ts'
import { consume, isWaiting } from './waiting-bytes.ts'

/** Takes the head of a response, interim or final. */
export function receiveHead<User>(state: StreamState<User>, head: Http2Head, ended: boolean): void {
  const { carrier, connection, context, request } = state
  if (carrier === undefined || connection.closed) return
  carrier.used = true
  state.headReceived = head.status < 100 || head.status > 199
  state.tunnel = request.tunnel && head.status >= 200 && head.status <= 299
  if (state.tunnel) {
    context.batch.addSwitch(state, head, request.accept)
    if (ended) receiveEnd(state, undefined)
    return
  }
  state.complete = ended
  state.chunked = context.batch.addHead(state, head, { ended, toHead: request.toHead })
}

/** Takes data of the body, which is valid only within this call. */
export function receiveData<User>(state: StreamState<User>, bytes: Buffer, ended: boolean): void {
  const { connection, context } = state
  state.unread += bytes.length
  if (connection.closed) consume(state, bytes.length)
  else if (bytes.length > 0) context.batch.addData(state, bytes, state.chunked)
  if (ended) receiveEnd(state, undefined)
}

/** Takes the end of the response. A body with a length cannot have trailers in HTTP/1.1. */
export function receiveEnd<User>(state: StreamState<User>, trailers: FieldList | undefined): void {
  const { connection, context } = state
  state.complete = true
  if (state.tunnel) {
    context.batch.flushOf(state)
    if (!isWaiting(state)) endTunnel(state)
    return
  }
  if (state.chunked && !connection.closed) context.batch.addEnd(state, trailers)
}
