import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, ListenOptions } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTempDir } from '../../../src/lab/temp-dir.ts'
import { outcomes } from './outcomes.ts'

/** A server on an address, which closes its connection after each response, and the Host fields that it got. */
async function serverOn(at: ListenOptions) {
  const hosts: (string | undefined)[] = []
  const server: Server = createServer((request, response) => {
    hosts.push(request.headers.host)
    response.setHeader('connection', 'close').end('ok')
  })
  server.listen(at)
  await once(server, 'listening')
  return {
    hosts,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('connections go to all addresses of a name in turn, and each is counted', async () => {
  await using first = await serverOn({ host: '127.0.0.1', port: 0 })
  const { port } = first
  await using second = await serverOn({ host: '127.0.0.2', port })
  await using third = await serverOn({ host: '::1', port })
  const resolve = [`shop.test:${port}:127.0.0.1,127.0.0.2,[::1]`]
  const url = new URL(`http://shop.test:${port}`)
  const { seen, facts } = await outcomes(9, url, { resolve, seed: 2 })
  expect(seen).toEqual(Array.from({ length: 9 }, () => 200))
  const counts = { opened: 3, responses: 3, failed: 0 }
  expect(facts.addresses).toEqual({
    [`127.0.0.1:${port}`]: counts,
    [`127.0.0.2:${port}`]: counts,
    [`[::1]:${port}`]: counts,
  })
  for (const { hosts } of [first, second, third]) {
    expect(hosts).toEqual(Array.from({ length: 3 }, () => `shop.test:${port}`))
  }
})

test('an address that accepts no connection when the load begins is left out, with its error', async () => {
  await using server = await serverOn({ host: '127.0.0.1', port: 0 })
  const { port } = server
  const resolve = [`shop.test:${port}:127.0.0.3,127.0.0.1`]
  const { seen, facts } = await outcomes(2, new URL(`http://shop.test:${port}`), { resolve })
  expect(seen).toEqual([200, 200])
  expect(facts.addresses).toEqual({
    [`127.0.0.1:${port}`]: { opened: 2, responses: 2, failed: 0 },
    [`127.0.0.3:${port}`]: { opened: 0, responses: 0, failed: 0, unreachable: 'ECONNREFUSED' },
  })
})

test('where no address accepts one, each request fails and is counted', async () => {
  await using server = await serverOn({ host: '127.0.0.1', port: 0 })
  const { port } = server
  const resolve = [`shop.test:${port}:127.0.0.3,127.0.0.4`]
  const { seen, facts } = await outcomes(4, new URL(`http://shop.test:${port}`), { resolve })
  expect(seen).toEqual(Array.from({ length: 4 }, () => 'ECONNREFUSED'))
  const counts = { opened: 0, responses: 0, failed: 2 }
  expect(facts.addresses).toEqual({ [`127.0.0.3:${port}`]: counts, [`127.0.0.4:${port}`]: counts })
})

test('an IPv6 address stands in brackets, in the URL and in Host', async () => {
  await using server = await serverOn({ host: '::1', port: 0 })
  const url = new URL(`http://[::1]:${server.port}`)
  const { seen, facts } = await outcomes(1, url)
  expect(seen).toEqual([200])
  expect(server.hosts).toEqual([url.host])
  expect(Object.keys(facts.addresses)).toEqual([url.host])
})

test.each([
  ['unix:', (path: string) => `unix:${path}`],
  ['http+unix:', (path: string) => `http+unix://${encodeURIComponent(path)}/`],
])('a unix socket is reached as %s', async (_, address) => {
  await using folder = await openTempDir()
  const path = join(folder.path, 'a b.sock')
  await using server = await serverOn({ path })
  const { seen, facts } = await outcomes(2, new URL(address(path)))
  expect(seen).toEqual([200, 200])
  expect(server.hosts).toEqual(['localhost', 'localhost'])
  expect(facts.addresses).toEqual({ [`unix:${path}`]: { opened: 2, responses: 2, failed: 0 } })
})
