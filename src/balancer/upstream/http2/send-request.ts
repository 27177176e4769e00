import type { Carrier } from './carrier.ts'
import { lose } from './end-stream.ts'
import { readRequest, writeBody } from './request-writer.ts'
import type { StreamState } from './stream-state.ts'

const noBytes = Buffer.alloc(0)

/** Sends bytes of a request in HTTP/1.1, its head first. Returns false where the writer should wait for `wake`. */
export function send<User>(state: StreamState<User>, bytes: Buffer): boolean {
  const { carrier, request } = state
  if (carrier === undefined) return true
  const more =
    state.stream === undefined ? start(state, carrier, bytes) : sendBody(state, carrier, bytes)
  carrier.scheduleFlush()
  if (!more || request.ended || carrier.http2.pendingOutput <= carrier.maxOutput) return more
  carrier.blocked.add(state)
  return false
}

/** The backend takes more of the request. */
export function wake<User>({ connection, context }: StreamState<User>): void {
  if (!connection.closed) context.events.writable(connection)
}

/** The client ended its side of a tunnel. */
export function sendEnd<User>({ carrier, stream, request }: StreamState<User>): void {
  if (carrier === undefined || stream === undefined || request.ended) return
  request.ended = true
  carrier.http2.sendData(stream, noBytes, true)
  carrier.scheduleFlush()
}

/** Opens the stream with a request's head, and sends the part of its body that is behind it. */
function start<User>(
  state: StreamState<User>,
  carrier: Carrier<StreamState<User>>,
  bytes: Buffer,
): boolean {
  const { context, connection, request, scheme, websocket } = state
  const { scratch } = context
  const body = readRequest(request, scratch, { bytes, scheme, websocket })
  carrier.carriesOnceOnly ||= connection.onceOnly
  if (!carrier.closing && !carrier.socket.destroyed)
    state.stream = carrier.http2.openStream(scratch.fields, request.ended, state)
  if (state.stream === undefined) {
    // The session closed, or has less room since: as a write that fails at once on a connection that was reset.
    connection.writeFailed = true
    process.nextTick(lose<User>, state)
    return true
  }
  return body === bytes.length || sendBody(state, carrier, bytes.subarray(body))
}

function sendBody<User>(
  state: StreamState<User>,
  { http2 }: Carrier<StreamState<User>>,
  bytes: Buffer,
): boolean {
  const { request, stream, context } = state
  if (stream === undefined) return true
  state.bytesWritten += bytes.length
  return writeBody(request, { http2, stream, scratch: context.scratch }, bytes)
}
