import { constants } from 'node:http2'
import { expect, test } from 'vitest'
import { connector } from '../../../src/driver/lean/connector.ts'
import { certificateOf } from '../../balancer/support/certificates.ts'
import { http1Server } from '../../support/http/http1-server.ts'
import { fine, http2Server } from '../../support/http/http2-server.ts'
import { scriptedServer } from '../../support/http/scripted-server.ts'
import { secureServer } from '../../support/http/secure-server.ts'
import { load } from '../drive-load.ts'
import { outcomes } from './outcomes.ts'

const http2 = true
const ca = certificateOf('ca')
const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value)
const countOf = (seen: readonly unknown[], kind: unknown) =>
  seen.filter((one) => one === kind).length

test('requests are sent by prior knowledge in clear text, with Host as :authority', async () => {
  await using server = await http2Server()
  const request = {
    ...({ method: 'POST', path: '/a?b', bodyBytes: 0, body: 'text' } as const),
    headers: { 'X-A': 'b', Host: 'shop.test' },
  }
  const { seen, facts } = await outcomes(3, server.url, { http2, request })
  expect(seen).toEqual([200, 200, 200])
  expect(server.requests[0]).toMatchObject({
    ':method': 'POST',
    ':path': '/a?b',
    ':scheme': 'http',
    ':authority': 'shop.test',
    'x-a': 'b',
    'content-length': '4',
  })
  expect(facts).toEqual({
    protocol: 'h2',
    addresses: { [server.url.host]: { opened: 1, responses: 3, failed: 0 } },
  })
})

test('over TLS it is chosen by ALPN', async () => {
  await using server = await http2Server(fine, { secure: true })
  const { seen, facts } = await outcomes(2, server.url, { http2, ca })
  expect(seen).toEqual([200, 200])
  expect(server.requests[0]).toMatchObject({ ':scheme': 'https', ':authority': server.url.host })
  expect(Object.keys(facts.tls?.negotiated ?? {})).toEqual([expect.stringMatching(/^TLSv1\.3 /)])
})

test('a server that does not choose it fails each request', async () => {
  await using server = await secureServer({ ALPNProtocols: ['http/1.1'] })
  const url = new URL(`https://127.0.0.1:${server.port}`)
  const { seen } = await outcomes(2, url, { http2, ca })
  expect(seen).toEqual(times(2, 'the server did not choose HTTP/2 by ALPN'))
  expect(server.requests).toEqual([])
})

test('a server of HTTP/1.1 fails each request of clear text', async () => {
  await using server = await http1Server()
  const { seen } = await outcomes(1, server.url, { http2 })
  expect(seen).toEqual([expect.stringMatching(/^invalid HTTP\/2: |^closed before/)])
})

test('several streams share a connection, each with one request at a time', async () => {
  await using server = await http2Server((stream, n) => {
    setTimeout(() => fine(stream, n), 5)
  })
  const { seen, facts } = await outcomes(40, server.url, { http2, connections: 2, streams: 5 })
  expect(seen).toEqual(times(40, 200))
  expect(server.sessions.length).toBe(2)
  expect(server.maxOpen).toBe(10)
  expect(facts.addresses[server.url.host]).toEqual({ opened: 2, responses: 40, failed: 0 })
})

test('beyond the streams that the server allows, requests wait', async () => {
  const settings = { maxConcurrentStreams: 2 }
  await using server = await http2Server(
    (stream, n) => {
      setTimeout(() => fine(stream, n), 2)
    },
    { settings },
  )
  const { seen } = await outcomes(20, server.url, { http2, streams: 6 })
  expect(seen).toEqual(times(20, 200))
  expect(server.maxOpen).toBe(2)
  expect(server.sessions.length).toBe(1)
})

test('a response of 1 MiB is read to its end: its window is opened again and again', async () => {
  const body = Buffer.alloc(2 ** 20, 'x')
  await using server = await http2Server((stream) => {
    stream.respond({ ':status': 200, 'content-length': body.length })
    stream.end(body)
  })
  const { seen } = await outcomes(6, server.url, { http2, streams: 2 })
  expect(seen).toEqual(times(6, 200))
})

test('a body of 1 MiB is sent as the server opens its window', async () => {
  await using server = await http2Server((stream) => {
    let length = 0
    stream.on('data', (bytes: Buffer) => {
      length += bytes.length
    })
    stream.on('end', () => {
      stream.respond({ ':status': length === 2 ** 20 ? 200 : 400 })
      stream.end()
    })
  })
  const request = { method: 'PUT', path: '/', bodyBytes: 2 ** 20 } as const
  const { seen } = await outcomes(4, server.url, { http2, streams: 2, request })
  expect(seen).toEqual(times(4, 200))
})

test('GOAWAY in mid-load loses no request: each is counted once, and the next go to a new connection', async () => {
  await using server = await http2Server((stream, n) => {
    if (n % 25 === 0) stream.session?.close()
    fine(stream, n)
  })
  const { seen, facts } = await outcomes(200, server.url, { http2, streams: 4 })
  const failed = seen.filter((one) => one !== 200)
  expect(seen.length).toBe(200)
  expect(new Set(failed)).toEqual(new Set(failed.length === 0 ? [] : ['GOAWAY NO_ERROR']))
  expect(server.sessions.length).toBeGreaterThan(2)
  expect(facts.addresses[server.url.host]).toMatchObject({
    responses: countOf(seen, 200),
    failed: failed.length,
  })
})

test('a server that ends every connection with GOAWAY is not tried for ever', async () => {
  const ended = new Set<unknown>()
  await using server = await http2Server((stream) => {
    if (!ended.has(stream.session)) stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 1)
    ended.add(stream.session)
    stream.close(constants.NGHTTP2_REFUSED_STREAM)
  })
  const { seen } = await outcomes(6, server.url, { http2, streams: 3 })
  expect(seen.length).toBe(6)
  for (const one of seen)
    expect(one).toMatch(/^(GOAWAY ENHANCE_YOUR_CALM|RST_STREAM REFUSED_STREAM)$/)
})

test('a reset stream fails its own request by its code, and no other', async () => {
  await using server = await http2Server((stream, n) => {
    if (n % 3 === 0) stream.close(constants.NGHTTP2_REFUSED_STREAM)
    else fine(stream, n)
  })
  const { seen } = await outcomes(30, server.url, { http2, streams: 3 })
  expect(countOf(seen, 200)).toBe(20)
  expect(countOf(seen, 'RST_STREAM REFUSED_STREAM')).toBe(10)
  expect(server.sessions.length).toBe(1)
})

test('a connection that is cut fails what is in flight on it', async () => {
  await using server = await http2Server((stream, n) => {
    if (n === 3) stream.session?.destroy()
    else if (n > 3) fine(stream, n)
  })
  const { seen } = await outcomes(6, server.url, { http2, streams: 3 })
  expect(seen.length).toBe(6)
  expect(countOf(seen, 200)).toBe(3)
})

test('a port that refuses fails each request by its code', async () => {
  const server = await scriptedServer(() => ({}))
  await server[Symbol.asyncDispose]()
  const { seen, facts } = await outcomes(4, server.url, { http2, streams: 2 })
  expect(seen).toEqual(times(4, 'ECONNREFUSED'))
  expect(facts.addresses[server.url.host]).toEqual({ opened: 0, responses: 0, failed: 4 })
})

test('a cancelled request resets its stream, and nobody hears of it', async () => {
  const reset: number[] = []
  await using server = await http2Server((stream, n) => {
    if (n > 1) fine(stream, n)
    else stream.once('close', () => reset.push(stream.rstCode))
  })
  const { connect, slots } = await connector(load({ http2, connections: 1 }), server.url)
  expect(slots).toBe(1)
  const seen: unknown[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const one = connect({
    completed: (_, status) => void seen.push(status),
    failed: (_, kind) => void seen.push(kind),
    free: () => resolve(),
  })
  one.send(performance.now())
  await expect.poll(() => server.requests.length, { interval: 2 }).toBe(1)
  one.cancel()
  await promise
  expect([seen, one.inFlight]).toEqual([[], false])
  one.send(performance.now())
  await expect.poll(() => seen, { interval: 2 }).toEqual([200])
  expect(reset).toEqual([constants.NGHTTP2_CANCEL])
  one.close()
})

test.each(['Keep-Alive', 'Proxy-Connection'])('the field %s cannot be sent', async (name) => {
  const request = { method: 'GET', path: '/', bodyBytes: 0, headers: { [name]: 'x' } } as const
  await expect(
    connector(load({ http2, request }), new URL('http://127.0.0.1:1')),
  ).rejects.toMatchObject({ code: 'LB_USAGE', message: expect.stringContaining('HTTP/2') })
})
