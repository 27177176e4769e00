import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { readProxyHeader } from '../../../src/balancer/io/read-proxy-header.ts'

/** Takes the PROXY protocol header off each connection, and passes the rest on to a backend. */
export interface HeaderFront extends AsyncDisposable {
  readonly port: number
  /** The headers, as latin-1 text, in the order in which the connections came. */
  readonly headers: string[]
}

/** A front for the backend on `port`. */
export async function headerFront(port: number): Promise<HeaderFront> {
  const headers: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((front) => {
    sockets.add(front)
    front.on('error', () => undefined)
    let received = Buffer.alloc(0)
    const onData = (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      const header = readProxyHeader(received)
      if (header === 'partly') return
      if (header === 'malformed') throw new Error(`no header: ${received.toString('latin1')}`)
      front.off('data', onData)
      headers.push(received.toString('latin1', 0, header.length))
      const back = connect(port, '127.0.0.1')
      back.on('error', () => front.destroy())
      back.write(received.subarray(header.length))
      front.pipe(back).pipe(front)
    }
    front.on('data', onData)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    headers,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
