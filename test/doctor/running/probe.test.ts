import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { examineOutside } from '../../../src/doctor/running/outside-checks.ts'
import { probe, speaksHttp2 } from '../../../src/doctor/running/probe.ts'

async function examined(url: string) {
  const facts = await probe({ url: new URL(url) })
  return Object.fromEntries(examineOutside(facts, url).map((one) => [one.name, one]))
}

/** Looks at a server with this listener. */
async function lookAt(listener: RequestListener, change: (server: Server) => void = () => {}) {
  const server = createServer(listener)
  change(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const { port } = server.address() as AddressInfo
    return await examined(`http://127.0.0.1:${port}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('a healthy server: keep-alive, close, one burst, and its name', async () => {
  const found = await lookAt((_, response) => response.setHeader('server', 'x/1').end('hello'))
  expect(Object.values(found).filter(({ state }) => state !== 'ok')).toEqual([])
  expect(found.http2?.found).toBe('no: HTTP/1.1 only')
  expect(found.fields?.found).toBe('server: x/1')
  expect(found.burst?.found).toBe('20 of 20 were opened')
})

test('errors, no keep-alive, and statuses are found', async () => {
  const found = await lookAt((_, response) => {
    response.writeHead(503, { connection: 'close' }).end()
  })
  expect(found.status).toMatchObject({ state: 'bad', found: '503' })
  expect(found['keep-alive']).toMatchObject({ state: 'warn' })
  const refused = await lookAt((_, response) => response.writeHead(404).end())
  expect(refused.status).toMatchObject({ state: 'warn', found: '404' })
})

test('a port without a listener is bad, and nothing else is judged', async () => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  const found = await examined(`http://127.0.0.1:${port}/`)
  expect(found.reachable).toMatchObject({ state: 'bad', found: 'ECONNREFUSED' })
  const { reachable: _, ...others } = found
  expect(new Set(Object.values(others).map(({ state }) => state))).toEqual(new Set(['unknown']))
})

test('a slow server, and a connection that is kept after Connection: close', () => {
  const facts = {
    ...{ first: { status: 200, headers: {} }, firstByte: [0.3, 2, 2], keptAlive: true },
    ...{ closes: false, http2: true, burst: { opened: 20, failed: { ECONNRESET: 5 } } },
  }
  const found = examineOutside(facts, 'http://127.0.0.1:9/')
  const wrong = found.filter(({ state }) => state !== 'ok').map(({ name, state }) => [name, state])
  expect(wrong).toEqual([
    ['connection-close', 'warn'],
    ['first-byte', 'bad'],
    ['burst', 'bad'],
  ])
})

test('HTTP/2 by prior knowledge is found', async () => {
  const server = createHttp2Server()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const url = new URL(`http://127.0.0.1:${port}/`)
    expect(await speaksHttp2({ url })).toBe(true)
  } finally {
    server.close()
  }
})
