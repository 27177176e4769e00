import { expect, test } from 'vitest'
import { balance } from './support/balance.ts'
import { rawBackend, respondWith } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = (target: string, more = '') => `GET ${target} HTTP/1.1\r\nHost: lb.test\r\n${more}\r\n`
const close = 'Connection: close\r\n'
const chunkedPost = `POST /p HTTP/1.1\r\nHost: lb.test\r\nTransfer-Encoding: chunked\r\n`

test.for([
  ['a coding and a length', 'Content-Length: 4\r\nTransfer-Encoding: chunked', 400],
  ['a coding that does not end in chunked', 'Transfer-Encoding: chunked, gzip', 400],
  ['chunked twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', 400],
  ['a coding that nobody knows', 'Transfer-Encoding: zip, chunked', 501],
  ['an empty coding beside another', 'Transfer-Encoding:\r\nTransfer-Encoding: chunked', 400],
  ['lengths that differ', 'Content-Length: 4\r\nContent-Length: 5', 400],
  ['a list of lengths that differ', 'Content-Length: 4, 5', 400],
  ['a length with a sign', 'Content-Length: +4', 400],
  ['an empty length', 'Content-Length:', 400],
  // U+00A0 is space for JavaScript, and none for HTTP: another reader sees no length, or no coding.
  ['a length behind an byte A0', 'Content-Length: \xa04', 400],
  ['a length in a list, before an byte A0', 'Content-Length: 4\xa0, 4', 400],
  ['a coding behind an byte A0', 'Transfer-Encoding: \xa0chunked', 400],
  ['a space before the colon', 'X-A : 1', 400],
  ['a folded line', 'X-A: 1\r\n folded: 2', 400],
  ['an empty name', ': 1', 400],
  ['no colon', 'X-A', 400],
  ['a NUL in a value', 'X-A: a\0b', 400],
  ['a bare CR in a value', 'X-A: a\rb', 400],
  ['a Host with a path', 'Host: a/b', 400],
  ['a Host with user information', 'Host: me@lb.test', 400],
  ['a Host whose port is none', 'Host: lb.test:x', 400],
  ['a Host with two ports', 'Host: lb.test:80:80', 400],
  ['a Host whose bracket is not closed', 'Host: [::1', 400],
  ['an address without brackets as Host', 'Host: ::1', 400],
  ['an empty Host', 'Host:', 400],
] as const)('%s is refused, closed and never forwarded', async ([, lines, status]) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  const host = lines.startsWith('Host') ? '' : 'Host: lb.test\r\n'
  const request = `POST / HTTP/1.1\r\n${host}${lines}\r\n\r\n0\r\n\r\n${get('/smuggled')}`
  const response = await exchange(balancer.port, request)
  expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\r\nConnection: close\r\n`, 's'))
  expect(response.match(/HTTP\/1\.1/g)).toHaveLength(1)
  expect(backend.requests).toEqual([])
  expect(balancer.counts()).toMatchObject({ requests: 0, refused: 1 })
})

test('CONNECT is 405, in any form, and says what is allowed', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  for (const target of ['lb.test:443', '/', 'http://lb.test/']) {
    const response = await exchange(balancer.port, get(target).replace('GET', 'CONNECT'))
    expect(response).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\nAllow: GET, /)
  }
  expect(backend.requests).toEqual([])
})

test.for(['/caf\xc3\xa9', '/\xa0p', '/a\x7fb'])(
  'the target %j is no URI and refused',
  async (target) => {
    await using backend = await recordingBackend()
    await using balancer = await balance([backend.port])
    expect(await exchange(balancer.port, get(target))).toMatch(/^HTTP\/1\.1 400 /)
    expect(backend.requests).toEqual([])
  },
)

test.for([
  ['a size with a sign', '+5\r\nhello\r\n0\r\n\r\n'],
  ['a space behind the size', '5 \r\nhello\r\n0\r\n\r\n'],
  ['a bare LF behind the size', '5\nhello\r\n0\r\n\r\n'],
  ['a control character in an extension', '5;a\x01b\r\nhello\r\n0\r\n\r\n'],
  ['an extension without end', `5;${'a'.repeat(2000)}\r\nhello\r\n0\r\n\r\n`],
  ['a size behind a hundred zeros', `${'0'.repeat(100)}5\r\nhello\r\n0\r\n\r\n`],
  ['trailers without end', `0\r\n${'X: 1\r\n'.repeat(50)}X: ${'a'.repeat(20_000)}`],
  ['a CR without LF behind the size', '5\rXhello\r\n0\r\n\r\n'],
  ['a CR without LF behind the data', '5\r\nhello\rX0\r\n\r\n'],
  ['a bare LF at the end', '5\r\nhello\r\n0\r\n\n'],
  ['a trailer that is no field', '5\r\nhello\r\n0\r\nGET / HTTP/1.1\r\n\r\n'],
])('%s in the chunked coding never makes a complete request', async ([, body]) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  expect(await exchange(balancer.port, `${chunkedPost}\r\n${body}`)).toMatch(/^HTTP\/1\.1 400 /)
  expect(backend.requests).toEqual([])
})

test('a coding in a 1.0 request is refused', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  const request = `${chunkedPost.replace('1.1', '1.0')}\r\n5\r\nhello\r\n0\r\n\r\n`
  expect(await exchange(balancer.port, request)).toMatch(/^HTTP\/1\.1 400 /)
  expect(backend.requests).toEqual([])
})

test('a broken chunk after the start was sent is 400 too, and its backend sees no end', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(`${chunkedPost}\r\n5\r\nhello\r\n`)
  await backend.until(/hello/)
  client.send('xyz\r\n')
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 /)
  expect(backend.received[0]).toMatch(/\r\n\r\n5\r\nhello\r\n$/)
  expect(balancer.counts()).toMatchObject({ requests: 1, answered: 1, refused: 1, inFlight: [0] })
})

const brokenBodies = [
  ['no size', 'hello'],
  ['a negative size', '-1\r\nhello\r\n0\r\n\r\n'],
  ['more data than its size', '2\r\nhello\r\n0\r\n\r\n'],
  ['white space before a size', ' 5\r\nhello\r\n0\r\n\r\n'],
  ['white space between digits', '0 5\r\nhello\r\n0\r\n\r\n'],
] as const

const chunkedHead = 'HTTP/1.1 200 OK\r\nX-Head: 1\r\nTransfer-Encoding: chunked\r\n\r\n'

test.for(brokenBodies)(
  'a response whose chunks have %s together with its head is 502',
  async ([, body]) => {
    await using backend = await rawBackend((socket) => socket.write(chunkedHead + body))
    await using balancer = await balance([backend.port])
    for (const head of [get('/', close), 'GET / HTTP/1.0\r\n\r\n']) {
      const response = await exchange(balancer.port, head)
      expect(response).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n.*502 Bad Gateway\n$/s)
      expect(response).not.toContain('X-Head')
    }
    expect(balancer.counts()).toMatchObject({ answered: 2, failed: { 502: 2 }, inFlight: [0] })
  },
)

test('a response whose chunks are malformed behind a part that was sent is reset', async () => {
  await using backend = await rawBackend((socket) => socket.write(`${chunkedHead}5\r\nhello\r\n`))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(get('/'))
  await client.until(/hello\r\n$/)
  backend.sockets[0]?.write('-1\r\n')
  expect(await client.closed()).not.toContain('502')
  expect(client.fault()).toMatchObject({ code: 'ECONNRESET' })
})

test('sizes of chunks that a backend pads with white space are read, and are not passed on', async () => {
  await using backend = await rawBackend((socket) =>
    socket.write(`${chunkedHead}5   \r\nhello\r\n6 \t;x \r\n world\r\n0  \r\n\r\n`),
  )
  await using balancer = await balance([backend.port])
  const response = await exchange(balancer.port, get('/', close))
  expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(response.replace(/^.*?\r\n\r\n/s, '')).toMatch(/^[0-9a-f]+\r\nhello world\r\n0\r\n\r\n$/)
})

test('chunks arrive complete however they are cut', async () => {
  await using backend = await recordingBackend((request, response) => response.end(request.body))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  const request = `${chunkedPost}${close}\r\n5;a="b c"\r\nhello\r\n0006 ; x\r\n world\r\n000\r\nX-T: 1\r\n\r\n`
  for (const byte of request) {
    client.send(byte)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await client.closed()
  expect(backend.requests[0]?.body).toBe('hello world')
})

test('trailers of a request go on, but for those that would control something', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  const names = [
    [
      'Content-Length',
      'Transfer-Encoding',
      'Host',
      'Connection',
      'TE',
      'Trailer',
      'Upgrade',
      'Via',
    ],
    ['Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie', 'WWW-Authenticate', 'Expect'],
    ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Port', 'Forwarded', 'Max-Forwards'],
    ['Cache-Control', 'Expires', 'Age', 'Pragma', 'Vary', 'Warning', 'Location', 'Retry-After'],
    ['Range', 'If-Match', 'Content-Encoding', 'Content-Type', 'Content-Range', 'Date'],
  ].flat()
  const trailers = `X-Sum: 42\r\n${names.map((name) => `${name}: 9\r\n`).join('')}`
  await exchange(balancer.port, `${chunkedPost}${close}\r\n1\r\na\r\n0\r\n${trailers}\r\n`)
  expect(backend.requests[0]?.trailers).toEqual({ 'x-sum': '42' })
  expect(backend.requests[0]?.headers.host).toBe('lb.test')
})

test.for([
  ['that wants them', 'TE: trailers\r\n', true],
  ['that does not', '', false],
] as const)('trailers of a response go to a client %s: %s', async ([, te, wanted]) => {
  await using backend = await rawBackend(
    respondWith(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 42\r\n\r\n',
    ),
  )
  await using balancer = await balance([backend.port])
  const response = await exchange(balancer.port, get('/', te + close))
  expect(/0\r\nX-Sum: 42\r\n\r\n$/.test(response)).toBe(wanted)
  expect(/0\r\n\r\n$/.test(response)).toBe(!wanted)
  expect(backend.received[0]?.includes('TE: trailers')).toBe(wanted)
})

test.for([
  ['204', 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n'],
  ['304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n'],
])(
  'a %s has no body, and the connection to the backend stays usable',
  async ([status = '', response = '']) => {
    await using backend = await rawBackend(respondWith(response))
    await using balancer = await balance([backend.port])
    const text = await exchange(balancer.port, get('/1') + get('/2', close))
    expect(text.match(/^HTTP\/1\.1 \d+/gm)).toEqual([`HTTP/1.1 ${status}`, `HTTP/1.1 ${status}`])
    expect(text).not.toMatch(/Transfer-Encoding/)
    expect(text.match(/Content-Length: \d+/g)).toEqual(
      status === '204' ? null : ['Content-Length: 1000', 'Content-Length: 1000'],
    )
    expect(backend.sockets).toHaveLength(1)
  },
)

test.for([
  ['a coding and a length', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok'],
  ['lengths that differ', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
  ['a folded line', 'X-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok'],
  ['too long a head', `X-A: ${'a'.repeat(20_000)}\r\nContent-Length: 2\r\n\r\nok`],
  ['a head without end', `X-A: ${'a'.repeat(200_000)}`],
  ['a bare LF', 'X-A: 1\nContent-Length: 2\r\n\r\nok'],
])('a response with %s is 502', async ([, rest]) => {
  await using backend = await rawBackend(respondWith(`HTTP/1.1 200 OK\r\n${rest}`))
  await using balancer = await balance([backend.port])
  expect(await exchange(balancer.port, get('/', close))).toMatch(/^HTTP\/1\.1 502 /)
})

test('a coding in a 1.0 response ends the connection to the backend', async () => {
  const stay = 'Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n'
  await using backend = await rawBackend(respondWith(`HTTP/1.0 200 OK\r\n${stay}\r\n0\r\n\r\n`))
  await using balancer = await balance([backend.port])
  await exchange(balancer.port, get('/1') + get('/2', close))
  expect(backend.sockets).toHaveLength(2)
})

test('a second response to one request is thrown away with its connection', async () => {
  const one = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n'
  await using backend = await rawBackend((socket, text) => {
    if (text.includes('/first')) socket.write(`${one}fine${one}evil`)
    else socket.write(`${one}next`)
  })
  await using balancer = await balance([backend.port])
  const response = await exchange(balancer.port, get('/first') + get('/second', close))
  expect(response).toMatch(/fine.*next$/s)
  expect(response).not.toContain('evil')
  expect(backend.sockets).toHaveLength(2)
})

test('bytes on an idle connection to a backend end it', async () => {
  const one = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n'
  await using backend = await rawBackend((socket, text) => {
    socket.write(`${one}${text.includes('/first') ? 'fine' : 'next'}`)
  })
  await using balancer = await balance([backend.port], { timeouts: { pool: 3600 } })
  await exchange(balancer.port, get('/first', close))
  backend.sockets[0]?.write(`${one}evil`)
  await new Promise((resolve) => backend.sockets[0]?.once('close', resolve))
  expect(await exchange(balancer.port, get('/second', close))).toMatch(/next$/)
})

test('a bad request behind a good one: the good one is answered first', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  const response = await exchange(
    balancer.port,
    `${get('/good')}GET / HTTP/1.1\r\nBad Name: 1\r\n\r\n`,
  )
  expect(response.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
  expect(backend.requests.map(({ target }) => target)).toEqual(['/good'])
})

test('the body of a pipelined request does not bleed into the next', async () => {
  await using backend = await recordingBackend((request, response) => response.end(request.body))
  await using balancer = await balance([backend.port])
  const post = 'POST / HTTP/1.1\r\nHost: lb.test\r\n'
  const all = [
    `${post}Content-Length: 5\r\n\r\nhello`,
    `${post}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    get('/last', close),
  ]
  await exchange(balancer.port, all.join(''))
  expect(backend.requests.map(({ method, body }) => [method, body])).toEqual([
    ['POST', 'hello'],
    ['POST', 'abc'],
    ['GET', ''],
  ])
})

test('a client that closed its side still gets its responses', async () => {
  await using backend = await recordingBackend((_, response) =>
    setTimeout(() => response.end('late'), 20),
  )
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(get('/1') + get('/2'))
  client.socket.end()
  expect(await client.closed()).toMatch(/late.*late$/s)
})
