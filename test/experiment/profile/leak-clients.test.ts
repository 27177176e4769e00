import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { leakClients } from '../../../src/experiment/profile/leak-clients.ts'
import { ProcessError } from '../../../src/kit/errors.ts'
import type { RequestPlan } from '../../../src/plan/plan.ts'
import { certificateOf } from '../../balancer/support/certificates.ts'
import { secureServer } from '../../support/http/secure-server.ts'

/** A server that counts its connections and requests. */
async function server(respond: RequestListener) {
  const seen = { connections: 0, requests: 0 }
  const http = createServer((request, response) => {
    seen.requests++
    respond(request, response)
  })
  http.on('connection', () => seen.connections++)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`)
  return {
    seen,
    url,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise((done) => http.close(done))
    },
  }
}

const { signal } = new AbortController()
const ok: RequestListener = (_, response) => void response.end('ok')
const request: RequestPlan = { method: 'GET', path: '/', bodyBytes: 0 }
const clientsOf = (url: URL, differs: Partial<Parameters<typeof leakClients>[0]> = {}) =>
  leakClients({ url, request, transport: {}, clients: 2, keepAlive: true, signal, ...differs })

test.for([
  [true, 4],
  [false, 40],
] as const)(
  '40 requests of 4 clients, kept connections: %s, use %i connections',
  async ([keepAlive, connections]) => {
    await using target = await server(ok)
    using clients = await clientsOf(target.url, { clients: 4, keepAlive })
    await clients.send(40)
    expect(target.seen).toEqual({ connections, requests: 40 })
  },
)

test('requests that fail are an error: their memory is not that of requests', async () => {
  await using target = await server((_, response) => void response.writeHead(503).end())
  using clients = await clientsOf(target.url)
  await expect(clients.send(10)).rejects.toThrow(ProcessError)
  await expect(clients.send(10)).rejects.toThrow(/^10 of 10 requests to /)
})

test('an abort ends the requests', async () => {
  await using target = await server(ok)
  const aborted = AbortSignal.abort(new Error('stopped'))
  using clients = await clientsOf(target.url, { signal: aborted })
  await expect(clients.send(10)).rejects.toThrow('stopped')
  expect(target.seen.requests).toBe(0)
})

test('the request is the one of the plan', async () => {
  const seen: string[] = []
  await using target = await server(async (sent, response) => {
    const { method, url, headers } = sent
    seen.push(
      `${method} ${url} ${headers['x-tenant']} ${headers['content-length']} ${await text(sent)}`,
    )
    response.end()
  })
  const post: RequestPlan = {
    ...{ method: 'POST', path: '/orders?dry=1', bodyBytes: 0 },
    ...{ headers: { 'x-tenant': 'a' }, body: '{"n":1}' },
  }
  using clients = await clientsOf(target.url, { request: post })
  await clients.send(2)
  expect(seen).toEqual(Array(2).fill('POST /orders?dry=1 a 7 {"n":1}'))
})

test.for([
  [true, 2],
  [false, 6],
] as const)(
  'over https with an authority of its own, kept connections: %s',
  async ([keepAlive, connections]) => {
    await using target = await secureServer({ closes: !keepAlive })
    const url = new URL(`https://127.0.0.1:${target.port}/`)
    const transport = { ca: certificateOf('ca') }
    using clients = await clientsOf(url, { transport, keepAlive })
    await clients.send(6)
    expect(target.requests).toHaveLength(6)
    expect(target.names).toHaveLength(connections)
    using distrusting = await clientsOf(url)
    await expect(distrusting.send(2)).rejects.toThrow(ProcessError)
  },
)
