import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { certificateOf, privateKey } from '../../balancer/support/certificates.ts'

/** A server of HTTP/2 by Node's own implementation, and what it saw. */
interface Http2TestServer extends AsyncDisposable {
  readonly url: URL
  readonly sessions: readonly ServerHttp2Session[]
  /** Header fields of each request. */
  readonly requests: readonly Readonly<Record<string, unknown>>[]
  /** Maximum number of streams that were open at once. */
  readonly maxOpen: number
}

/** Reacts to the nth request, from 1. */
type Reaction = (stream: ServerHttp2Stream, n: number) => void

/** Responds at once with 200 and two bytes. */
export const fine: Reaction = (stream) => {
  stream.respond({ ':status': 200 })
  stream.end('ok')
}

/** Starts a server on 127.0.0.1: by prior knowledge in clear text, or by ALPN over TLS. */
export async function http2Server(
  react: Reaction = fine,
  {
    secure = false,
    settings,
  }: { readonly secure?: boolean } & Pick<ServerOptions, 'settings'> = {},
): Promise<Http2TestServer> {
  const sessions: ServerHttp2Session[] = []
  const requests: Record<string, unknown>[] = []
  let [open, maxOpen] = [0, 0]
  const common = settings === undefined ? {} : { settings }
  const server: Http2Server = secure
    ? (createSecureServer({
        ...common,
        cert: readFileSync(certificateOf('backend')),
        key: privateKey,
      }) as unknown as Http2Server)
    : createServer(common)
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => undefined)
  })
  server.on('stream', (stream: ServerHttp2Stream, fields) => {
    stream.on('error', () => undefined)
    maxOpen = Math.max(maxOpen, ++open)
    stream.once('close', () => open--)
    requests.push(fields)
    react(stream, requests.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: new URL(`http${secure ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`),
    sessions,
    requests,
    get maxOpen() {
      return maxOpen
    },
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy()
      server.close()
    },
  }
}
