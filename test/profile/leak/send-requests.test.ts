import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { ProcessError } from '../../../src/kit/errors.ts'
import { collectedBytes } from '../../../src/profile/leak/collected-memory.ts'
import { leakClients } from '../../../src/profile/leak/send-requests.ts'

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

test.for([
  [true, 4],
  [false, 40],
] as const)(
  '40 requests of 4 clients, kept connections: %s, use %i connections',
  async ([keepAlive, connections]) => {
    await using target = await server(ok)
    using clients = leakClients({ url: target.url, clients: 4, keepAlive, signal })
    await clients.send(40)
    expect(target.seen).toEqual({ connections, requests: 40 })
  },
)

test('requests that fail are an error: their memory is not that of requests', async () => {
  await using target = await server((_, response) => void response.writeHead(503).end())
  using clients = leakClients({ url: target.url, clients: 2, keepAlive: true, signal })
  await expect(clients.send(10)).rejects.toThrow(ProcessError)
  await expect(clients.send(10)).rejects.toThrow(/^10 of 10 requests to /)
})

test('an abort ends the requests', async () => {
  await using target = await server(ok)
  const aborted = AbortSignal.abort(new Error('stopped'))
  using clients = leakClients({ url: target.url, clients: 2, keepAlive: true, signal: aborted })
  await expect(clients.send(10)).rejects.toThrow('stopped')
  expect(target.seen.requests).toBe(0)
})

test('memory after the second collection is that of all threads', async () => {
  let collections = 0
  await using target = await server((request, response) => {
    expect([request.method, request.url]).toEqual(['POST', '/debug/gc'])
    expect(request.headers.authorization).toBe('Bearer a-token')
    const heapBytes = 1000 - 100 * ++collections
    const thread = { worker: '0', heapBytes, externalBytes: 7 }
    response.end(JSON.stringify({ threads: [thread, { ...thread, worker: 'main' }], rssBytes: 1 }))
  })
  expect(await collectedBytes({ url: target.url, token: 'a-token' }, signal)).toBe(2 * 807)
})

test('a balancer that does not collect is an error that names the flag', async () => {
  await using target = await server((_, response) => void response.writeHead(404).end())
  const asked = collectedBytes({ url: target.url, token: 'a-token' }, signal)
  await expect(asked).rejects.toThrow(/\/debug\/gc responds with 404$/)
  await expect(asked).rejects.toMatchObject({ hint: expect.stringContaining('--profiling') })
})
