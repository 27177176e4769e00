import type { ServerHttp2Stream } from 'node:http2'
import { endOfChunks } from '../../http/http2-fields.ts'
import type { ResponseHead } from '../../http/response-head.ts'
import type { ConnectionInfo } from '../../http/write-request-head.ts'
import { type ClientConnection, openConnection } from '../connection.ts'
import { receive } from '../receive.ts'
import { refuse } from '../refuse.ts'
import { requestToHttp1 } from './request-to-http1.ts'
import { streamSocket } from './stream-socket.ts'

/** Shared by all streams of a connection. */
export interface StreamContext<User> {
  readonly connection: ClientConnection<User>
  readonly info: ConnectionInfo
  /** Scratch: the head of a response. */
  readonly head: ResponseHead
}

const lineEnd = Buffer.from('\r\n', 'latin1')

/** Serves a stream like a connection of HTTP/1.1 with one request. */
export function serveStream<User>(
  { connection, info, head }: StreamContext<User>,
  stream: ServerHttp2Stream,
  fields: readonly string[],
): void {
  const request = requestToHttp1(fields, stream.endAfterHeaders)
  const socket = streamSocket(stream, head, request?.acceptsTrailers ?? false)
  const { context } = connection
  const client = openConnection(context, { socket, info, parent: connection }, stream)
  if (request === undefined) refuse(client, 400)
  else {
    receive(client, request.bytes)
    if (context.events.expectsBody(client)) passBody(client, stream, request.chunked)
  }
  // A body that is not wanted must be read, too: the stream does not end before.
  if (stream.listenerCount('data') === 0) stream.resume()
}

/** Passes on the body of a request, framed as in HTTP/1.1. */
function passBody<User>(
  client: ClientConnection<User>,
  stream: ServerHttp2Stream,
  chunked: boolean,
): void {
  const { events } = client.context
  let trailers: readonly string[] = []
  stream.on('trailers', (_, __, raw: readonly string[] = []) => {
    trailers = raw
  })
  stream.on('data', (bytes: Buffer) => receive(client, chunked ? asChunk(bytes) : bytes))
  stream.on('end', () => {
    if (!events.expectsBody(client)) return
    const end = chunked ? endOfChunks(trailers) : undefined
    // The body is shorter than its Content-Length, or a trailer is malformed.
    if (end === undefined) events.malformedBody(client)
    else receive(client, end)
  })
}

function asChunk(bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, lineEnd])
}
