import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { certificateOf } from '../support/certificates.ts'
import { bodyOf, h2Backend } from '../support/h2-backend.ts'
import { exchange, rawClient } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const close = 'Connection: close\r\n\r\n'
const get = `GET /a?b HTTP/1.1\r\nHost: lb.test\r\n${close}`

const only = (url: string) => ({ backends: [{ url, weight: 1 }] })
const trusted = { backendTls: { ca: certificateOf('ca') } }

test('a request goes to an h2c backend as HTTP/2 has it, and its response comes back as HTTP/1.1', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.respond([':status', '200', 'set-cookie', 'a=1', 'set-cookie', 'b=\xe9', 'x-y', ''])
    stream.end('hello')
  })
  await using balancer = await balance([], only(backend.url))
  const head = 'Host: lb.test\r\nX-Twice: 1\r\nx-twice: \xe9\r\nUser-Agent: a\r\nUser-Agent: b\r\n'
  const hops = 'Keep-Alive: 1\r\nX-Hop: 1\r\nTE: trailers, gzip\r\nConnection: close, x-hop\r\n\r\n'
  const response = await exchange(balancer.port, `GET /a?b HTTP/1.1\r\n${head}${hops}`)
  expect(response).toMatch(
    /^HTTP\/1\.1 200 OK\r\nset-cookie: a=1\r\nset-cookie: b=\xe9\r\nx-y: \r\n/,
  )
  expect(response).toMatch(/\r\nTransfer-Encoding: chunked\r\n.*\r\n5\r\nhello\r\n0\r\n\r\n$/s)
  expect(backend.asked.map(({ raw }) => raw)).toEqual([
    [
      [':method', 'GET', ':scheme', 'http', ':authority', 'lb.test', ':path', '/a?b'],
      ['x-twice', '1', 'x-twice', '\xe9', 'user-agent', 'a', 'user-agent', 'b'],
      ['via', '1.1 lb', 'x-forwarded-for', '127.0.0.1', 'x-forwarded-proto', 'http'],
      ['x-forwarded-host', 'lb.test', 'te', 'trailers'],
    ].flat(),
  ])
  expect(balancer.counts()).toMatchObject({ requests: 1, answered: 1, inFlight: [0] })
})

test.for([
  ['a length', 'Content-Length: 5\r\n', 'hello', { 'content-length': '5' }],
  ['chunks', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n', {}],
] as const)('a body with %s arrives', async ([, framing, sent, expected]) => {
  const bodies: string[] = []
  await using backend = await h2Backend(({ stream }) => {
    void bodyOf(stream).then((body) => {
      bodies.push(body)
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
  })
  await using balancer = await balance([], only(backend.url))
  const head = `POST / HTTP/1.1\r\nHost: a\r\n${framing}${close}`
  expect(await exchange(balancer.port, head + sent)).toMatch(/^HTTP\/1\.1 200 /)
  await using slow = await rawClient(balancer.port)
  slow.send(head)
  await eventually(() => backend.asked.length === 2)
  for (const byte of sent) slow.send(byte)
  expect(await slow.closed()).toMatch(/^HTTP\/1\.1 200 /)
  expect(bodies).toEqual(['hello', 'hello'])
  const { headers } = backend.asked[0] as (typeof backend.asked)[0]
  expect(headers).toMatchObject(expected)
  expect(headers).not.toHaveProperty('transfer-encoding')
})

test('trailers go both ways', async () => {
  const came: unknown[] = []
  await using backend = await h2Backend(({ stream }) => {
    stream.on('trailers', (fields) => came.push(fields['x-end'], Object.keys(fields)))
    stream.respond({ ':status': 200 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': ['1', '2'], age: '3' }))
    stream.resume().on('end', () => stream.end('hello'))
  })
  await using balancer = await balance([], only(backend.url))
  const head = `Host: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\nConnection: close, TE\r\n\r\n`
  const body = '2\r\nhi\r\n0\r\nX-End: yes\r\nContent-Length: 9\r\n\r\n'
  const response = await exchange(balancer.port, `POST / HTTP/1.1\r\n${head}${body}`)
  expect(response).toMatch(/\r\n5\r\nhello\r\n0\r\nx-sum: 1\r\nx-sum: 2\r\n\r\n$/)
  expect(came).toEqual(['yes', ['x-end']])
})

test.for(['constructor', '__proto__'])(
  'a trailer called %s is a trailer like any other',
  async (name) => {
    const came: string[][] = []
    await using backend = await h2Backend(({ stream }) => {
      stream.on('trailers', (_fields, _flags, raw: string[]) => came.push(raw))
      stream.resume().on('end', () => {
        stream.respond({ ':status': 200 })
        stream.end('ok')
      })
    })
    await using balancer = await balance([], only(backend.url))
    const head = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n${close}`
    const response = await exchange(balancer.port, `${head}0\r\n${name}: 1\r\n${name}: 2\r\n\r\n`)
    expect(response).toMatch(/^HTTP\/1\.1 200 /)
    expect(came).toEqual([[name, '1', name, '2']])
  },
)

test.for([
  ['HEAD', 200, 'content-length: 1000'],
  ['GET', 204, ''],
  ['GET', 304, 'content-length: 1000'],
  ['GET', 304, ''],
  ['GET', 200, 'content-length: 0'],
] as const)(
  '%s with %i has no body, and the connection goes on',
  async ([method, status, length]) => {
    await using backend = await h2Backend(({ stream }) => {
      const declared = length.endsWith('1000') ? { 'content-length': '1000' } : {}
      stream.respond({ ':status': status, ...declared }, { endStream: true })
    })
    await using balancer = await balance([], only(backend.url))
    await using client = await rawClient(balancer.port)
    const ask = `${method} / HTTP/1.1\r\nHost: a\r\n`
    client.send(`${ask}\r\n${ask}${close}`)
    const responses = (await client.closed()).split(/(?=HTTP\/1\.1)/)
    expect(responses).toHaveLength(2)
    for (const response of responses) {
      expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\\r\\n\\r\\n$`, 's'))
      expect(/content-length: \d+/i.exec(response)?.[0].toLowerCase() ?? '').toBe(length)
      expect(response).not.toMatch(/transfer-encoding/i)
    }
  },
)

test('103 is passed on before the response', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.additionalHeaders({ ':status': 103, link: '</a.css>' })
    stream.respond({ ':status': 200 })
    stream.end('ok')
  })
  await using balancer = await balance([], only(backend.url))
  expect(await exchange(balancer.port, get)).toMatch(
    /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>\r\n\r\nHTTP\/1\.1 200 /,
  )
})

test('a response that comes before the body is complete ends the stream', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.respond({ ':status': 413, 'content-length': '3' })
    stream.end('big')
  })
  await using balancer = await balance([], only(backend.url))
  await using client = await rawClient(balancer.port)
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\nsome')
  expect(await client.until(/big$/)).toMatch(/^HTTP\/1\.1 413 .*Connection: close\r\n/s)
  await eventually(() => backend.asked[0]?.stream.closed === true)
  expect(balancer.counts()).toMatchObject({ answered: 1, aborted: 0, inFlight: [0] })
})

test('requests share one session, as long as the backend takes more', async () => {
  const settings = { maxConcurrentStreams: 10 }
  await using backend = await h2Backend(
    ({ stream }) => {
      // All are answered together, so that all are open together.
      if (backend.asked.length < 25) return
      for (const one of backend.asked) {
        if (one.stream.headersSent) continue
        one.stream.respond({ ':status': 200 })
        one.stream.end('ok')
      }
      stream.resume()
    },
    { settings },
  )
  await using balancer = await balance([], only(backend.url))
  const responses = await Promise.all(
    Array.from({ length: 25 }, () => exchange(balancer.port, get)),
  )
  for (const response of responses) expect(response).toMatch(/^HTTP\/1\.1 200 /)
  expect(backend.sessions).toHaveLength(3)
  for (let i = 0; i < 10; i++) await exchange(balancer.port, get)
  expect(backend.sessions).toHaveLength(3)
})

test('a session that nobody needs is closed', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.respond({ ':status': 200 })
    stream.end('ok')
  })
  await using balancer = await balance([], { ...only(backend.url), timeouts: { pool: 0.05 } })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
  await eventually(() => backend.sessions[0]?.destroyed === true)
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
})

test.for([1, 2])('over TLS HTTP/2 is preferred, with %i workers', async (workers) => {
  await using backend = await h2Backend(
    ({ stream, headers }) => {
      stream.respond({ ':status': 200 })
      stream.end(`${headers[':scheme']}`)
    },
    { cert: 'backend' },
  )
  await using balancer = await balance([], { ...only(backend.url), ...trusted, workers })
  for (let i = 0; i < 4; i++)
    expect(await exchange(balancer.port, get)).toMatch(/https\r\n0\r\n\r\n$/)
  expect(backend.sessions).toHaveLength(workers)
})

test('over TLS a backend without HTTP/2 gets HTTP/1.1, on connections that are kept', async () => {
  await using backend = await recordingBackend(undefined, { cert: 'backend' })
  await using balancer = await balance([], {
    ...only(`https://127.0.0.1:${backend.port}`),
    ...trusted,
  })
  const all = () => Promise.all(Array.from({ length: 5 }, () => exchange(balancer.port, get)))
  for (const response of [...(await all()), ...(await all())]) expect(response).toMatch(/ok$/)
  expect(backend.requests).toHaveLength(10)
  expect(backend.connections()).toBe(5)
})
