import { openSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import { serveRequests } from '../../src/kit/rpc.ts'
import type { Protocol } from './protocols.ts'

/** Options of a backend that will be killed. */
export interface KillableBackendOptions {
  readonly port: number
  readonly protocol: Protocol
  /** File to which the path of each request is written when its head was read; it survives SIGKILL. */
  readonly record: string
  /** Service time, milliseconds. */
  readonly serviceMs: number
}

/** Megabytes: Node resets streams beyond 10 by default, and responses of 16 MiB that nobody reads, on each of many streams, are more. */
const maxSessionMemory = 100_000
/** The response of `/large`. */
const large = Buffer.alloc(16 * 2 ** 20, 'x')

/*
 * A backend that can be killed at any time, and whose record has the requests that reached it.
 */
serveRequests({
  async start({ port, protocol, record, serviceMs }: KillableBackendOptions): Promise<void> {
    const file = openSync(record, 'a')
    const respond = (
      request: IncomingMessage | Http2ServerRequest,
      response: ServerResponse | Http2ServerResponse,
    ) => {
      writeSync(file, `${request.url}\n`)
      request.resume()
      // A request whose body was lost on the way gets no response.
      request.on('end', () => {
        if (request.url === '/large') response.end(large)
        else if (serviceMs === 0) response.end('ok')
        else setTimeout(() => response.end('ok'), serviceMs)
      })
    }
    const server =
      protocol === 'http2'
        ? createHttp2Server({ maxSessionMemory }, respond)
        : createServer(respond)
    server.listen({ host: '127.0.0.1', port, backlog: 4096 })
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))
  },
  stop(): void {
    process.exit(0)
  },
})
