import type { ServerHttp2Session, ServerOptions } from 'node:http2'
import type { Socket } from 'node:net'
import type { BalancerSettings } from '../../config/config.ts'
import { emptyResponseHead } from '../../http/response-head.ts'
import { connectionInfo } from '../../http/write-request-head.ts'
import { type ClientConnection, clientState } from '../connection.ts'
import type { Streams } from './serve-stream.ts'

/** Streams that one connection may have open. */
const mostStreams = 100
/** What HTTP/2 counts for a field besides its octets: RFC 9113, section 6.5.2. */
const fieldOverhead = 32

/**
 * Has a connection go on in HTTP/2, with what it has sent so far: each of its streams is a client from
 * now on. Node's HTTP/2 is loaded with the first that wants it: it takes memory in every thread.
 */
export async function openSession(client: ClientConnection): Promise<void> {
  // Streams do not open sessions: this is a connection.
  const socket = client.socket as Socket
  client.state = clientState.session
  socket.pause()
  const { performServerHandshake } = await import('node:http2')
  const { serveStream } = await import('./serve-stream.ts')
  if (client.state !== clientState.session) return
  socket.removeAllListeners('data')
  if (client.input !== undefined) socket.unshift(client.input.subarray(client.at))
  client.input = undefined
  const session = performServerHandshake(socket, optionsFor(client.lane.settings))
  const streams = streamsOf(client, session)
  session.on('error', () => socket.destroy())
  session.on('stream', (stream, _, __, fields) => {
    // A stream may have failed before we hear of it, and fail once more for us to hear.
    stream.on('error', () => undefined)
    if (stream.destroyed) return
    opened(client)
    stream.on('close', () => closed(client))
    serveStream(streams, stream, fields)
    // The last that a connection may ask for while all of them are closing.
    if (client.lane.draining) session.close()
  })
}

function streamsOf(connection: ClientConnection, session: ServerHttp2Session): Streams {
  const { lane, hop } = connection
  connection.session = { streams: 0, close: () => leave(connection, session) }
  return {
    connection,
    hop: connectionInfo({ ...hop, http2: true }),
    head: emptyResponseHead(lane.settings.limits.fields),
  }
}

/**
 * Heads that are too great reach the reader of heads, which has a status for them. Only what is far
 * greater is refused as a stream. A client that opens streams only to reset them, Node stops by itself.
 */
function optionsFor({ limits }: BalancerSettings): ServerOptions {
  return {
    settings: {
      maxConcurrentStreams: mostStreams,
      maxHeaderListSize: 2 * limits.headBytes + fieldOverhead * limits.fields,
    },
    maxHeaderListPairs: 2 * limits.fields,
    // A backend that repeats such a field is passed on as it is, as in HTTP/1.1.
    strictSingleValueFields: false,
  }
}

/** A connection with open streams waits for them: each has its own time limits. */
function opened(connection: ClientConnection): void {
  if (connection.session !== undefined) connection.session.streams++
  connection.deadline = Number.POSITIVE_INFINITY
}

function closed(connection: ClientConnection): void {
  const { lane, session } = connection
  if (session === undefined || --session.streams > 0) return
  const { keepAlive, linger } = lane.settings.timeouts
  connection.deadline = lane.now() + (lane.draining ? linger : keepAlive)
}

/** Says GOAWAY: streams that are open are finished, and then the client must close. */
function leave(connection: ClientConnection, session: ServerHttp2Session): void {
  const { lane } = connection
  session.close()
  if (connection.session?.streams === 0)
    connection.deadline = lane.now() + lane.settings.timeouts.linger
}
