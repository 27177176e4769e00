import type { ServerHttp2Session, ServerOptions } from 'node:http2'
import type { Socket } from 'node:net'
import type { BalancerSettings } from '../../config/config.ts'
import { emptyResponseHead } from '../../http/response-head.ts'
import { connectionInfo } from '../../http/write-request-head.ts'
import type { ClientConnection } from '../connection.ts'
import type { StreamContext } from './serve-stream.ts'

/** Streams that one connection may have open. */
const maxStreams = 100
/** Bytes that HTTP/2 counts for a field besides its name and value: RFC 9113, section 6.5.2. */
const fieldOverhead = 32

/**
 * Starts HTTP/2 on a connection, with the bytes that it has sent so far: each stream is a client connection
 * of its own from now on. Node's HTTP/2 is loaded with the first such connection: it takes memory in every
 * thread.
 */
export async function startSession<User>(client: ClientConnection<User>): Promise<void> {
  // Only a connection starts a session, never a stream.
  const socket = client.socket as Socket
  client.state = 'session'
  socket.pause()
  const { performServerHandshake } = await import('node:http2')
  const { serveStream } = await import('./serve-stream.ts')
  if (client.state !== 'session') return
  socket.removeAllListeners('data')
  if (client.input !== undefined) socket.unshift(client.input.subarray(client.at))
  client.input = undefined
  const session = performServerHandshake(socket, optionsFor(client.context.settings))
  const streamContext = addSession(client, session)
  session.on('error', () => socket.destroy())
  session.on('stream', (stream, _, __, fields) => {
    // A stream may have failed before this event, and may emit another error.
    stream.on('error', () => undefined)
    if (stream.destroyed) return
    onStreamOpened(client)
    stream.on('close', () => onStreamClosed(client))
    serveStream(streamContext, stream, fields)
    // While draining, each connection may open one more stream.
    if (client.context.draining) session.close()
  })
}

function addSession<User>(
  connection: ClientConnection<User>,
  session: ServerHttp2Session,
): StreamContext<User> {
  const { context, info } = connection
  connection.session = { streams: 0, close: () => closeSession(connection, session) }
  return {
    connection,
    info: connectionInfo({ ...info, http2: true }),
    head: emptyResponseHead(context.settings.limits.fields),
  }
}

/**
 * A head above the limits reaches the reader of heads, which has a status for it. Only a much larger one is
 * refused as a stream. Node itself stops a client that opens streams only to reset them.
 */
function optionsFor({ limits }: BalancerSettings): ServerOptions {
  return {
    settings: {
      maxConcurrentStreams: maxStreams,
      maxHeaderListSize: 2 * limits.headBytes + fieldOverhead * limits.fields,
    },
    maxHeaderListPairs: 2 * limits.fields,
    // A field that a backend repeats is passed on unchanged, as in HTTP/1.1.
    strictSingleValueFields: false,
  }
}

/** A connection with open streams has no timeout: each stream has its own. */
function onStreamOpened<User>(connection: ClientConnection<User>): void {
  if (connection.session !== undefined) connection.session.streams++
  connection.deadline = Number.POSITIVE_INFINITY
}

function onStreamClosed<User>(connection: ClientConnection<User>): void {
  const { context, session } = connection
  if (session === undefined || --session.streams > 0) return
  const { keepAlive, linger } = context.settings.timeouts
  connection.deadline = context.now() + (context.draining ? linger : keepAlive)
}

/** Sends GOAWAY: open streams are finished, and then the client must close. */
function closeSession<User>(connection: ClientConnection<User>, session: ServerHttp2Session): void {
  const { context } = connection
  session.close()
  if (connection.session?.streams === 0)
    connection.deadline = context.now() + context.settings.timeouts.linger
}
