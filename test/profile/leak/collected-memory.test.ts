import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { collectedBytes } from '../../../src/profile/leak/collected-memory.ts'

async function server(respond: RequestListener) {
  const http = createServer(respond).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`)
  return {
    url,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise((done) => http.close(done))
    },
  }
}

const { signal } = new AbortController()

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
