import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer, type TlsOptions } from 'node:tls'
import { certificateOf, privateKey } from './certificates.ts'

/** A backend whose bytes the test writes by hand. */
export interface RawBackend extends AsyncDisposable {
  readonly port: number
  readonly server: Server
  readonly sockets: Socket[]
  /** All that each connection received, as latin-1 text, in the order in which they came. */
  readonly received: string[]
  /** How many connections are open. */
  readonly open: () => number
  /** Waits until what all connections received matches. */
  until(pattern: RegExp): Promise<string>
}

/** Options of `rawBackend` for TLS with the given protocols of ALPN. */
export const overTls = (...protocols: string[]): TlsOptions => ({
  key: privateKey,
  cert: readFileSync(certificateOf('backend')),
  ALPNProtocols: protocols,
})

/** Calls `onText` whenever a connection received more, with all that it received. */
export async function rawBackend(
  onText: (socket: Socket, text: string, connection: number) => void,
  tls?: TlsOptions,
): Promise<RawBackend> {
  const received: string[] = []
  const sockets: Socket[] = []
  const server = tls === undefined ? createServer() : createSecureServer(tls)
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    const connection = sockets.push(socket) - 1
    received[connection] = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received[connection] += chunk.toString('latin1')
      onText(socket, received[connection] ?? '', connection)
      server.emit('received')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    server,
    sockets,
    received,
    open: () => sockets.filter((socket) => !socket.destroyed).length,
    async until(pattern) {
      while (!pattern.test(received.join(''))) await once(server, 'received')
      return received.join('')
    },
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Responds to every complete head with `response`, and keeps the connection. */
export function respondWith(response: string) {
  const answered = new WeakMap<Socket, number>()
  return (socket: Socket, text: string) => {
    const heads = text.split('\r\n\r\n').length - 1
    for (let done = answered.get(socket) ?? 0; done < heads; done++)
      socket.write(response, 'latin1')
    answered.set(socket, heads)
  }
}
