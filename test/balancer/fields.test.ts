import { expect, test } from 'vitest'
import { emptyResponseHead, readResponseHead } from '../../src/balancer/http/response-head.ts'
import { balance, type Overrides } from './support/balance.ts'
import { rawBackend, respondWith } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'

const okay = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** What the backend gets, byte by byte, when a client sends a GET with these lines. */
async function forwarded(lines: string, overrides: Overrides = {}): Promise<string> {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port], overrides)
  const response = await exchange(balancer.port, `${lines}Connection: close\r\n\r\n`)
  expect(response).toMatch(/^HTTP\/1\.1 200 /)
  return backend.received.join('')
}

/** What the client gets when the backend responds with these lines and no body. */
async function returned(lines: string, request = 'Connection: close\r\n'): Promise<string> {
  await using backend = await rawBackend(
    respondWith(`HTTP/1.1 200 OK\r\n${lines}Content-Length: 0\r\n\r\n`),
  )
  await using balancer = await balance([backend.port])
  return await exchange(balancer.port, `GET / HTTP/1.1\r\nHost: lb.test\r\n${request}\r\n`)
}

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\n'

test('fields that Connection names stay behind, in requests', async () => {
  const head = await forwarded(
    `${get}Connection: X-Foo ,\tx-BAR, Date\r\nX-Foo: 1\r\nx-bar: 2\r\nX-Keep: 3\r\nDate: 4\r\n`,
  )
  expect(head).not.toMatch(/x-foo|x-bar|connection|date/i)
  expect(head).toMatch(/\r\nX-Keep: 3\r\n/)
})

test('fields that Connection names stay behind, in responses', async () => {
  const response = await returned('Connection: X-Foo\r\nX-Foo: 1\r\nX-Keep: 3\r\n')
  expect(response).not.toMatch(/x-foo/i)
  expect(response).toMatch(/\r\nX-Keep: 3\r\n/)
})

test('trailers that Connection names stay behind, both ways', async () => {
  const body = '0\r\nX-Foo: 1\r\nX-Keep: 2\r\n\r\n'
  const head = 'Connection: x-foo\r\nTransfer-Encoding: chunked\r\n'
  await using backend = await rawBackend((socket, text) => {
    if (text.includes('0\r\n')) socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n${body}`)
  })
  await using balancer = await balance([backend.port])
  const post = `POST / HTTP/1.1\r\nHost: lb.test\r\nTE: trailers\r\n${head}Connection: close\r\n\r\n`
  expect(await exchange(balancer.port, post + body)).toMatch(/\r\n\r\n0\r\nX-Keep: 2\r\n\r\n$/)
  expect(backend.received[0]).toMatch(/\r\n\r\n0\r\nX-Keep: 2\r\n\r\n$/)
})

test('many names in Connection, among many fields, do not hold the worker up', async () => {
  // Each name held against each field would take minutes.
  const names = Array.from({ length: 400_000 }, (_, at) => `a${at.toString(36).padStart(4, 'z')}`)
  const fields = 'bzzzz: 1\r\n'.repeat(900)
  const head = await forwarded(`${get}Connection: ${names.join()}\r\n${fields}`, {
    limits: { headBytes: 1 << 22 },
  })
  expect(head).toContain(fields)
}, 40_000)

test.for([
  'Keep-Alive: timeout=5',
  'Proxy-Connection: keep-alive',
  'Proxy-Authorization: Basic eA==',
  'TE: gzip',
  'Trailer: X-Sum',
  'Upgrade: websocket',
  'HTTP2-Settings: AAMAAABkAAQAAP__',
])('%s is for one connection only', async (line) => {
  expect(await forwarded(`${get}${line}\r\n`)).not.toContain(line.slice(0, line.indexOf(':')))
})

test('Trailer reaches the backend with a chunked body, whose trailers do', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (text.endsWith('\r\n\r\n')) socket.end('HTTP/1.1 204 No Content\r\n\r\n')
  })
  await using balancer = await balance([backend.port])
  const head =
    'POST / HTTP/1.1\r\nHost: lb.test\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n'
  await exchange(balancer.port, `${head}Connection: close\r\n\r\n0\r\nX-Sum: 1\r\n\r\n`)
  expect(backend.received[0]).toMatch(/\r\nTrailer: X-Sum\r\n.*\r\n\r\n0\r\nX-Sum: 1\r\n\r\n$/s)
})

test.for([
  'Keep-Alive: timeout=5',
  'Proxy-Authenticate: Basic',
  'Upgrade: h2c',
  'Proxy-Connection: close',
])('%s does not come back', async (line) => {
  expect(await returned(`${line}\r\n`)).not.toContain(line.slice(0, line.indexOf(':')))
})

test('a client cannot have removed what we add, nor what routes and frames', async () => {
  const head = await forwarded(
    `${get}Connection: X-Forwarded-For, X-Forwarded-Host, Via, Host\r\nX-Forwarded-For: 6.6.6.6\r\n`,
  )
  expect(head).toMatch(/\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/)
  expect(head).toMatch(/\r\nX-Forwarded-Host: lb\.test\r\n/)
  expect(head).toMatch(/\r\nVia: 1\.1 lb\r\n/)
  expect(head).toMatch(/\r\nHost: lb\.test\r\n/)
  expect(head).not.toContain('6.6.6.6')
})

test('Via and X-Forwarded-For are added to, the rest of X-Forwarded is ours', async () => {
  const head = await forwarded(
    `${get}Via: 1.0 fred\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\nForwarded: for=1.2.3.4\r\n`,
  )
  expect(head).toMatch(/\r\nVia: 1\.0 fred, 1\.1 lb\r\n/)
  expect(head).toMatch(/\r\nX-Forwarded-For: 1\.2\.3\.4, 5\.6\.7\.8, 127\.0\.0\.1\r\n/)
  expect(head).toMatch(/\r\nForwarded: for=1\.2\.3\.4, for=127\.0\.0\.1;proto=http\r\n/)
  expect(head.match(/X-Forwarded-Proto: (.*)/)?.[1]).toBe('http')
  expect(head).not.toContain('evil.test')
})

test.for([
  'X_Forwarded_For',
  'x-forwarded_for',
  'X_FORWARDED-PROTO',
  'X_Forwarded_Host',
  'Content_Length',
  'Transfer_Encoding',
  'Proxy_Authorization',
])(
  'the field %s, which CGI names cannot distinguish from one of ours, is dropped',
  async (name) => {
    const head = await forwarded(`${get}${name}: 6\r\nX_Other: 1\r\nX_Forwarded_Foo: 2\r\n`)
    expect(head).not.toContain(`${name}:`)
    expect(head).toMatch(/\r\nX_Other: 1\r\nX_Forwarded_Foo: 2\r\n/)
    expect(head).toMatch(/\r\nX-Forwarded-For: 127\.0\.0\.1\r\nX-Forwarded-Proto: http\r\n/)
  },
)

test('where clients are not to be trusted, what they say of others is dropped', async () => {
  const lines = `${get}X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n`
  const head = await forwarded(lines, { forwarded: 'replace' })
  expect(head).toMatch(/\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/)
  expect(head).not.toContain('1.2.3.4')
})

test('without a name for it there is no Via of ours', async () => {
  expect(await forwarded(get, { via: '' })).not.toContain('Via')
})

test('a target in absolute form overrides Host', async () => {
  const lines = 'GET http://right.test:81/a?b HTTP/1.1\r\nHost: wrong.test\r\n'
  const head = await forwarded(lines)
  expect(head).toMatch(/^GET \/a\?b HTTP\/1\.1\r\nHost: right\.test:81\r\n/)
  expect(head).not.toContain('wrong.test')
  expect(await forwarded('GET http://right.test?q HTTP/1.1\r\nHost: a\r\n')).toMatch(
    /^GET \/\?q HTTP/,
  )
})

test('OPTIONS for a whole host in absolute form becomes *', async () => {
  const lines = (target: string) => `OPTIONS ${target} HTTP/1.1\r\nHost: a\r\n`
  expect(await forwarded(lines('http://right.test'))).toMatch(
    /^OPTIONS \* HTTP\/1\.1\r\nHost: right\.test\r\n/,
  )
  expect(await forwarded(lines('http://right.test/'))).toMatch(/^OPTIONS \/ HTTP/)
  expect(await forwarded(lines('http://right.test?q'))).toMatch(/^OPTIONS \/\?q HTTP/)
})

test.for([
  ['x-trailers', false],
  ['trailers-x', false],
  ['gzip,\ttrailers\t, x', true],
] as const)('TE: %s welcomes trailers: %s', async ([codings, welcome]) => {
  expect((await forwarded(`${get}TE: ${codings}\r\n`)).includes('TE: trailers')).toBe(welcome)
})

test.for([
  ['TRACE', '3', '2'],
  ['OPTIONS', '1', '0'],
  ['OPTIONS', 'x', 'x'],
  ['GET', '0', '0'],
] as const)('%s with Max-Forwards: %s goes on with %s', async ([method, came, went]) => {
  const lines = `${method} / HTTP/1.1\r\nHost: lb.test\r\nMax-Forwards: ${came}\r\n`
  const head = await forwarded(lines)
  expect(head.match(/Max-Forwards: .*/g)).toEqual([`Max-Forwards: ${went}`])
})

test.for([
  ['OPTIONS', /^HTTP\/1\.1 200 OK\r\nAllow: GET, .*\r\n\r\n200 OK\n$/s],
  ['TRACE', /^HTTP\/1\.1 501 /],
] as const)('%s that is not to be forwarded is answered by us', async ([method, expected]) => {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port])
  const lines = `${get.replace('GET', method)}Max-Forwards: 0\r\nConnection: close\r\n\r\n`
  expect(await exchange(balancer.port, lines)).toMatch(expected)
  expect(backend.received).toEqual([])
  expect(balancer.counts()).toMatchObject({ requests: 1, answered: 1, inFlight: [0] })
})

test.for([
  ['Host', '/'],
  ['a target in absolute form', `http://${'b'.repeat(90_000)}/`],
])('%s that fills a great head arrives whole, twice', async ([, target]) => {
  const host = 'a'.repeat(90_000)
  const head = await forwarded(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n`, {
    limits: { headBytes: 1 << 18 },
  })
  const [, sent] = /\r\nHost: (.*)\r\n/.exec(head) ?? []
  expect(sent).toHaveLength(90_000)
  expect(head.endsWith(`\r\nX-Forwarded-Host: ${sent}\r\n\r\n`)).toBe(true)
})

test('the target, the order and the bytes of fields stay as they are', async () => {
  const lines = 'GET /a/../b//c/%2e%2E?x=%zz#'.slice(0, -1)
  const head = await forwarded(
    `${lines} HTTP/1.1\r\nHost: lb.test\r\nX-B: \xe4\xff\r\nX-A: 1\r\nx-b: 2\r\n`,
  )
  expect(head).toMatch(/^GET \/a\/\.\.\/b\/\/c\/%2e%2E\?x=%zz HTTP\/1\.1\r\n/)
  expect(head).toContain('X-B: \xe4\xff\r\nX-A: 1\r\nx-b: 2\r\n')
})

test('Set-Cookie comes back as often as it was sent, never joined', async () => {
  const response = await returned('Set-Cookie: a=1\r\nX: y\r\nSet-Cookie: b=2\r\n')
  expect(response).toContain('Set-Cookie: a=1\r\nX: y\r\nSet-Cookie: b=2\r\n')
})

test('space between a name and its colon is taken out of a response', async () => {
  const response = await returned('X-A \t : a\r\nConnection\t: x-b\r\nX-B : b\r\n')
  expect(response).toMatch(/\r\nX-A:[ \t]+a\r\n/)
  expect(response).not.toMatch(/x-b/i)
})

test('such a head is read alike wherever it is cut', () => {
  const whole = 'HTTP/1.1 200 OK\r\nX-A \t: a\r\nContent-Length : 2\r\n\r\n'
  for (let cut = 13; cut < whole.length; cut++) {
    const response = emptyResponseHead(8)
    const bytes = Buffer.from(whole, 'latin1')
    const order = { from: 0, toHead: false }
    expect(readResponseHead(response, bytes.subarray(0, cut), order)).toBe(0)
    expect(readResponseHead(response, bytes, order)).toBe(whole.length)
    expect(response.body).toMatchObject({ declared: 2 })
  }
})

test('space without a colon behind it breaks a response all the same', async () => {
  expect(await returned('X-A b: a\r\n')).toMatch(/^HTTP\/1\.1 502 /)
  expect(await returned(' : a\r\n')).toMatch(/^HTTP\/1\.1 502 /)
})

test('a response without a reason keeps the space before it', async () => {
  await using backend = await rawBackend(respondWith('HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n'))
  await using balancer = await balance([backend.port])
  expect(await exchange(balancer.port, `${get}Connection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 200 \r\n/,
  )
})

test('a response without a date gets one, and keeps its own', async () => {
  expect(await returned('')).toMatch(/\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/)
  const own = await returned('Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n')
  expect(own.match(/Date: /g)).toHaveLength(1)
  expect(own).toContain('1970')
})

test('a 1.0 client without Host: the backend gets one all the same', async () => {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port])
  await exchange(balancer.port, 'GET / HTTP/1.0\r\n\r\n')
  expect(backend.received[0]).toMatch(
    new RegExp(`^GET / HTTP/1\\.1\r\nHost: 127\\.0\\.0\\.1:${backend.port}\r\n`),
  )
  expect(backend.received[0]).toMatch(/\r\nVia: 1\.0 lb\r\n/)
})

test('a 1.0 client that may stay after a local reply gets a Connection field that says so', async () => {
  await using balancer = await balance([1])
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  expect(await client.until(/502 Bad Gateway\n$/)).toMatch(/\r\nConnection: keep-alive\r\n/)
})

test('close wins over keep-alive, in 1.0 too', async () => {
  const both = 'GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n'
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port])
  expect(await exchange(balancer.port, both)).toMatch(/\r\nConnection: close\r\n/)
})

test('a 1.0 client that wants to stay gets a Connection field that says so', async () => {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port])
  const stay = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'
  const response = await exchange(balancer.port, `${stay}GET / HTTP/1.0\r\n\r\n`)
  expect(response.match(/Connection: .*/g)).toEqual(['Connection: keep-alive', 'Connection: close'])
})
