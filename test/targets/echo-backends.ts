import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** Backends in this process that record their requests. */
export interface EchoBackends extends AsyncDisposable {
  readonly urls: readonly URL[]
  /** Number of requests of each, in the order of `urls`. */
  readonly counts: readonly number[]
  /** Number of connections that each accepted. */
  readonly connections: readonly number[]
  /** Head of the last request. */
  readonly last: { headers: IncomingHttpHeaders; httpVersion: string } | undefined
}

/** Starts `n` backends; each responds with its number, or echoes the request body. */
export async function echoBackends(n: number): Promise<EchoBackends> {
  const counts = Array.from({ length: n }, () => 0)
  const connections = Array.from({ length: n }, () => 0)
  let last: EchoBackends['last']
  const servers = counts.map((_, i) =>
    createServer(async (request, response) => {
      counts[i] = (counts[i] as number) + 1
      last = { headers: request.headers, httpVersion: request.httpVersion }
      const body = await buffer(request)
      response.setHeader('x-backend', String(i + 1))
      response.end(body.length > 0 ? body : `backend ${i + 1}`)
    }).on('connection', () => {
      connections[i] = (connections[i] as number) + 1
    }),
  )
  await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
    }),
  )
  const urls = servers.map(
    (server) => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
  )
  return {
    urls,
    counts,
    connections,
    get last() {
      return last
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.closeAllConnections()
      await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
    },
  }
}
