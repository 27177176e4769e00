import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import { certificateOf, privateKey } from '../../balancer/support/certificates.ts'
import { ok } from './scripted-server.ts'

/** A server of HTTP/1.1 over TLS, which responds to everything with 200, and what its clients sent. */
interface SecureServer extends AsyncDisposable {
  readonly port: number
  /** SNI of each connection; '' where there was none. */
  readonly names: string[]
  /** The text of each request. */
  readonly requests: string[]
}

/** Starts one on 127.0.0.1, with a certificate for that address. `closes`: each connection ends after one response. */
export async function secureServer({
  closes = false,
  ...options
}: TlsOptions & { readonly closes?: boolean } = {}): Promise<SecureServer> {
  const sockets = new Set<TLSSocket>()
  const names: string[] = []
  const requests: string[] = []
  const cert = readFileSync(certificateOf('backend'))
  const server = createServer({ cert, key: privateKey, ...options }, (socket) => {
    sockets.add(socket)
    names.push(typeof socket.servername === 'string' ? socket.servername : '')
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      requests.push(bytes.toString('latin1'))
      if (closes) socket.end(ok.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
      else socket.write(ok)
    })
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    names,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
