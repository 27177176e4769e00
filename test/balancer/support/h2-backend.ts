import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { certificateOf, privateKey } from './certificates.ts'

/** A request in HTTP/2, as it came. */
export interface Asked {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  readonly raw: readonly string[]
}

/** A backend that speaks HTTP/2. */
export interface H2Backend extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly sessions: ServerHttp2Session[]
  readonly asked: Asked[]
}

/** Responds to requests with `respond`: in the clear, or over TLS with a certificate. */
export async function h2Backend(
  respond: (asked: Asked) => void,
  { cert, ...options }: ServerOptions & { readonly cert?: 'backend' | 'other' } = {},
): Promise<H2Backend> {
  const server: Http2Server | Http2SecureServer =
    cert === undefined
      ? createServer(options)
      : createSecureServer({ ...options, key: privateKey, cert: readFileSync(certificateOf(cert)) })
  const sessions: ServerHttp2Session[] = []
  const sockets = new Set<Socket>()
  const asked: Asked[] = []
  server.on('session', (session) => void sessions.push(session))
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags, raw) => {
    stream.on('error', () => undefined)
    const one = { stream, headers, raw: raw as unknown as readonly string[] }
    asked.push(one)
    respond(one)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `${cert === undefined ? 'h2c' : 'https'}://127.0.0.1:${port}`,
    sessions,
    asked,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** The body of a request, as latin-1 text. */
export async function bodyOf(stream: ServerHttp2Stream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('latin1')
}
