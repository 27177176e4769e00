import { readRequestHead } from '../http/request-head.ts'
import {
  type ClientConnection,
  consume,
  destroyConnection,
  hasInput,
  isCongested,
  keep,
  keepLingering,
  keepOwned,
  linger,
} from './connection.ts'
import { matchPreface } from './http2/preface.ts'
import { scheduleProbe } from './probe.ts'
import { refuse } from './refuse.ts'
import { isShared } from './shared-read.ts'

/** Seconds within which the rest of the HTTP/2 preface must follow its start: clients send it in one piece. */
const prefaceTimeout = 1

/** Takes bytes from a client. They are copied as far as they are needed after the call. */
export function receive<User>(client: ClientConnection<User>, bytes: Buffer): void {
  if (client.state === 'exchange') {
    client.context.events.data(client, isShared(bytes) ? Buffer.from(bytes) : bytes)
  } else if (client.state === 'head') {
    startHeadTimeout(client)
    keep(client, bytes)
    readRequests(client)
    keepOwned(client)
  } else if (client.state === 'lingering') keepLingering(client)
}

/** The first byte of a head starts the timeout of the complete head. */
function startHeadTimeout<User>(client: ClientConnection<User>): void {
  const { context } = client
  if (hasInput(client)) return
  client.headAt = context.now()
  client.deadline = client.headAt + context.settings.timeouts.head
}

/** The client closed its side. It still gets the response to a complete request: RFC 9112, section 9.6. */
export function receiveEnd<User>(client: ClientConnection<User>): void {
  const { state } = client
  client.ended = true
  scheduleProbe(client)
  switch (state) {
    case 'exchange':
      client.context.events.halfClosed(client)
      break
    case 'head':
      readRequests(client)
      break
    case 'lingering':
      // What is not written yet is still sent; the socket closes itself behind it.
      if (client.socket.writableLength === 0) destroyConnection(client)
      break
    case 'session':
      client.session?.ended()
      break
    case 'proxy header':
    case 'preface':
      destroyConnection(client)
      break
    case 'closed':
      break
    default:
      state satisfies never
  }
}

/**
 * Reads requests from the client's input, until one must be waited for or the input is used up. While the
 * client leaves responses unread, its further requests wait, at first here and then in the kernel.
 */
export function readRequests<User>(client: ClientConnection<User>): void {
  if (client.readingRequests) return
  client.readingRequests = true
  while (client.state === 'head' && hasInput(client) && !isCongested(client)) {
    if (!readRequest(client)) break
  }
  client.readingRequests = false
  if (client.state !== 'head') return
  if (hasInput(client) && isCongested(client)) client.socket.pause()
  else if (client.ended) linger(client)
  else if (client.socket.isPaused()) client.socket.resume()
}

/** Reads one head; returns whether it was complete, so that there may be another. */
function readRequest<User>(client: ClientConnection<User>): boolean {
  const { context, at } = client
  const { requestHead } = context.scratch
  const { limits } = context.settings
  const input = client.input as Buffer
  const end = readRequestHead(requestHead, input, at)
  const size = (end === 0 ? input.length : end) - at
  if (end >= 0 && size > limits.headBytes) refuse(client, tooLong(client))
  else if (end === -505) readPreface(client)
  else if (end < 0) refuse(client, -end)
  else if (end > 0 && limits.bodyBytes > 0 && requestHead.body.length > limits.bodyBytes) {
    refuse(client, 413)
  } else if (end > 0) {
    consume(client, end)
    client.state = 'exchange'
    client.hadRequest = true
    context.events.request(client)
    return true
  }
  return false
}

/** Whether the request line or the fields are too long: RFC 9110, section 15.5.15; RFC 6585, section 5. */
function tooLong<User>({ context, input, at }: ClientConnection<User>): 414 | 431 {
  const lineEnd = input?.indexOf('\n', at) ?? -1
  return lineEnd < 0 || lineEnd - at > context.settings.limits.headBytes ? 414 : 431
}

/** The version is not HTTP/1: it may be the preface of HTTP/2. */
function readPreface<User>(client: ClientConnection<User>): void {
  const { context, info, input, at, hadRequest, parent } = client
  // Over TLS the protocol is chosen by ALPN: RFC 9113, section 3.3.
  const allowed = info.proto === 'http' && !hadRequest && parent === undefined
  const match = allowed ? matchPreface(input as Buffer, at) : 'no'
  if (match === 'no') refuse(client, 505)
  else if (match === 'yes') client.state = 'preface'
  else client.deadline = Math.min(client.deadline, context.now() + prefaceTimeout)
}
