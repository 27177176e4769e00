import { openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { serveRequests } from '../../src/kit/rpc.ts'

/** Options of a backend that will be killed. */
export interface KillableBackendOptions {
  readonly port: number
  /** File to which the path of each request is written when its head was read; it survives SIGKILL. */
  readonly record: string
  /** Service time, milliseconds. */
  readonly serviceMs: number
}

/** The response of `/large`. */
const large = Buffer.alloc(16 * 2 ** 20, 'x')

/*
 * A backend that can be killed at any time, and whose record has the requests that reached it.
 */
serveRequests({
  async start({ port, record, serviceMs }: KillableBackendOptions): Promise<void> {
    const file = openSync(record, 'a')
    const server = createServer((request, response) => {
      writeSync(file, `${request.url}\n`)
      request.resume()
      if (request.url === '/large') response.end(large)
      else if (serviceMs === 0) response.end('ok')
      else setTimeout(() => response.end('ok'), serviceMs)
    })
    server.listen({ host: '127.0.0.1', port, backlog: 4096 })
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))
  },
  stop(): void {
    process.exit(0)
  },
})
