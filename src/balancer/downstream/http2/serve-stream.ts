import type { ServerHttp2Stream } from 'node:http2'
import type { ResponseHead } from '../../http/response-head.ts'
import type { ConnectionInfo } from '../../http/write-request-head.ts'
import { refuseServed } from '../../proxy/attempt.ts'
import { type ClientConnection, clientState, newClientConnection } from '../connection.ts'
import { enter, receive, refused } from '../receive.ts'
import { bodyEnd, requestToHttp1 } from './request-to-http1.ts'
import { streamSocket } from './stream-socket.ts'

/** What all streams of one connection share. */
export interface Streams {
  readonly connection: ClientConnection
  readonly hop: ConnectionInfo
  /** A record to read the heads of answers into. */
  readonly head: ResponseHead
}

const lineEnd = Buffer.from('\r\n', 'latin1')

/** Serves one stream as if it were a connection of HTTP/1.1 with one request. */
export function serveStream(
  { connection, hop, head }: Streams,
  stream: ServerHttp2Stream,
  fields: readonly string[],
): void {
  const { lane } = connection
  const socket = streamSocket(stream, head, () => client.request.acceptsTrailers)
  const client = newClientConnection(lane, { socket, hop, parent: connection })
  enter(client, stream)
  const image = requestToHttp1(fields, stream.endAfterHeaders)
  if (image === undefined) refused(client, 400)
  else {
    receive(client, image)
    if (client.state === clientState.body) passBody(client, stream)
  }
  // What nobody wants must be read all the same: a stream ends with the last of it.
  if (stream.listenerCount('data') === 0) stream.resume()
}

/** Passes on the body of a request, framed as HTTP/1.1 frames it. */
function passBody(client: ClientConnection, stream: ServerHttp2Stream): void {
  const chunked = client.request.chunks !== undefined
  let trailers: readonly string[] = []
  stream.on('trailers', (_, __, raw: readonly string[] = []) => {
    trailers = raw
  })
  stream.on('data', (octets: Buffer) => receive(client, chunked ? chunkOf(octets) : octets))
  stream.on('end', () => {
    if (client.state !== clientState.body) return
    const end = chunked ? bodyEnd(trailers) : undefined
    // A body is shorter than it was said to be, or what follows it is no trailer.
    if (end === undefined) refuseServed(client, 400)
    else receive(client, end)
  })
}

function chunkOf(octets: Buffer): Buffer {
  if (octets.length === 0) return octets
  return Buffer.concat([Buffer.from(`${octets.length.toString(16)}\r\n`), octets, lineEnd])
}
