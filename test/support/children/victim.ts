import { openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { serveRequests } from '../../../src/kit/rpc.ts'

/** Where a backend that is to be killed listens, and what it leaves behind. */
export interface VictimOptions {
  readonly port: number
  /** The file that gets the path of each request when its head was read: what is in it outlives SIGKILL. */
  readonly record: string
  /** Milliseconds that each answer takes. */
  readonly serviceMs: number
}

/** Bytes of what is at `/great`. */
const great = Buffer.alloc(16 * 2 ** 20, 'x')

/*
 * A backend that can be killed at any moment, and whose record says what had reached it.
 */
serveRequests({
  async start({ port, record, serviceMs }: VictimOptions): Promise<void> {
    const file = openSync(record, 'a')
    const server = createServer((request, response) => {
      writeSync(file, `${request.url}\n`)
      request.resume()
      if (request.url === '/great') response.end(great)
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
