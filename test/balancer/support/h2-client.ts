import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2'

/** A client's connection in HTTP/2. */
export interface H2Client extends AsyncDisposable {
  readonly session: ClientHttp2Session
  /** Opens a stream. Its errors show as what its response is. */
  open(headers: OutgoingHttpHeaders): ClientHttp2Stream
  /** Asks, and gives the response in full. */
  ask(headers?: OutgoingHttpHeaders, body?: string | Buffer): Promise<H2Response>
}

/** What came of one stream. */
export interface H2Response {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly trailers: IncomingHttpHeaders
  /** Those of interim responses. */
  readonly interim: readonly (number | undefined)[]
  /** The code that ended the stream; 0: in good order. */
  readonly code: number | undefined
}

/** Connects to a balancer; over TLS with `options`. */
export async function h2Client(
  port: number,
  options?: SecureClientSessionOptions,
): Promise<H2Client> {
  const scheme = options === undefined ? 'http' : 'https'
  const session = connect(`${scheme}://127.0.0.1:${port}`, options)
  session.on('error', () => undefined)
  await once(session, 'connect')
  const open = (headers: OutgoingHttpHeaders) => {
    const stream = session.request(headers)
    stream.on('error', () => undefined)
    return stream
  }
  return {
    session,
    open,
    ask(headers = {}, body) {
      const stream = open(headers)
      const response = responseOf(stream)
      if (!stream.writableEnded) stream.end(body)
      return response
    },
    async [Symbol.asyncDispose]() {
      session.destroy()
    },
  }
}

/** All that comes on a stream until it is closed. */
export async function responseOf(stream: ClientHttp2Stream): Promise<H2Response> {
  const chunks: Buffer[] = []
  const interim: (number | undefined)[] = []
  let headers: IncomingHttpHeaders & IncomingHttpStatusHeader = {}
  let trailers: IncomingHttpHeaders = {}
  stream.on('headers', (fields) => interim.push(fields[':status']))
  stream.on('response', (fields) => {
    headers = fields
  })
  stream.on('trailers', (fields) => {
    trailers = fields
  })
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  // One that was closed before would never say so again.
  if (!stream.destroyed) await new Promise((resolve) => stream.on('close', resolve))
  const body = Buffer.concat(chunks).toString('latin1')
  return { status: headers[':status'], headers, body, trailers, interim, code: stream.rstCode }
}
