import { expect, test } from 'vitest'
import { balance } from './support/balance.ts'
import { rawBackend, respondWith } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = (target: string, more = '') => `GET ${target} HTTP/1.1\r\nHost: lb.test\r\n${more}\r\n`

test('passes on a GET and its response', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  const response = await exchange(
    balancer.port,
    get('/a?b=c', 'X-Some: thing\r\nConnection: close\r\n'),
  )
  expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(response).toMatch(/\r\nContent-Length: 2\r\n/)
  expect(response).toMatch(/\r\n\r\nok$/)
  expect(backend.requests).toHaveLength(1)
  expect(backend.requests[0]).toMatchObject({ method: 'GET', target: '/a?b=c', body: '' })
  expect(backend.requests[0]?.headers).toMatchObject({
    host: 'lb.test',
    'x-some': 'thing',
    via: '1.1 lb',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'lb.test',
  })
})

test('a HEAD has no body, and what follows it is read right', async () => {
  let heads = 0
  await using backend = await rawBackend((socket, text) => {
    if (!text.endsWith('\r\n\r\n')) return
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${heads++ === 0 ? '' : 'ok'}`)
  })
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send('HEAD /h HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  expect(await client.until(/\r\n\r\n/)).toMatch(/Content-Length: 2\r\n/)
  client.send(get('/second', 'Connection: close\r\n'))
  expect(await client.closed()).toMatch(/\r\n\r\nHTTP\/1\.1 200 OK(.*)\r\n\r\nok$/s)
})

test('a HEAD that is refused has no body either', async () => {
  await using balancer = await balance([1])
  const response = await exchange(balancer.port, '\r\nHEAD / HTTP/1.1\r\nHost: a b\r\n\r\n')
  expect(response).toMatch(/^HTTP\/1\.1 400 .*\r\nContent-Length: 16\r\n.*\r\n\r\n$/s)
})

test('passes on bodies with a length and in chunks', async () => {
  await using backend = await recordingBackend((request, response) => response.end(request.body))
  await using balancer = await balance([backend.port])
  const post = 'POST /p HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n'
  expect(await exchange(balancer.port, `${post}Content-Length: 5\r\n\r\nhello`)).toMatch(
    /\r\n\r\nhello$/,
  )
  const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n`
  expect(await exchange(balancer.port, chunked)).toMatch(/\r\n\r\nhello$/)
  expect(backend.requests.map(({ body }) => body)).toEqual(['hello', 'hello'])
})

test('streams a body on before it is complete', async () => {
  await using backend = await rawBackend(respondWith(''))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send('POST / HTTP/1.1\r\nHost: lb.test\r\nContent-Length: 10\r\n\r\nhello')
  await backend.until(/hello$/)
  client.send('world')
  expect(await backend.until(/helloworld$/)).toMatch(/Content-Length: 10\r\n/)
})

test('codes the chunks of a response anew, and keeps the connection', async () => {
  const chunks = '5;name=value\r\nhello\r\n006\r\n world\r\n0\r\n\r\n'
  await using backend = await rawBackend(
    respondWith(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`),
  )
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(get('/1'))
  expect(await client.until(/0\r\n\r\n$/)).toMatch(/\r\n\r\n0*b\r\nhello world\r\n0\r\n\r\n$/)
  client.send(get('/2', 'Connection: close\r\n'))
  await client.closed()
  expect(backend.sockets).toHaveLength(1)
})

test('a body that lasts until the backend closes is chunked for 1.1 and closed for 1.0', async () => {
  await using backend = await rawBackend((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(get('/'))
  expect(await client.until(/0\r\n\r\n$/)).toMatch(/\r\n\r\n9\r\nall of it\r\n0\r\n\r\n$/)
  const old = await exchange(balancer.port, 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  expect(old).toMatch(/Connection: close\r\n\r\nall of it$/)
})

test('keeps both connections from one request to the next', async () => {
  await using backend = await rawBackend(
    respondWith('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  )
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  for (let n = 1; n <= 5; n++) {
    client.send(get(`/${n}`))
    await client.until(new RegExp(`^(.*?\\r\\n\\r\\nok){${n}}$`, 's'))
  }
  expect(backend.sockets).toHaveLength(1)
})

test('responds to pipelined requests in their order', async () => {
  const slow = new Set(['/1', '/3'])
  await using backend = await recordingBackend(({ target }, response) => {
    setTimeout(() => response.end(`<${target}>`), slow.has(target) ? 30 : 0)
  })
  await using balancer = await balance([backend.port])
  const all = [1, 2, 3, 4].map((n) => get(`/${n}`, n === 4 ? 'Connection: close\r\n' : ''))
  const response = await exchange(balancer.port, all.join(''))
  expect(response.match(/<.*?>/g)).toEqual(['</1>', '</2>', '</3>', '</4>'])
})

test('spreads requests over the backends, and counts them', async () => {
  await using a = await recordingBackend()
  await using b = await recordingBackend()
  await using balancer = await balance([a.port, b.port], { workers: 2 })
  for (let n = 0; n < 10; n++) await exchange(balancer.port, get('/', 'Connection: close\r\n'))
  expect([a.requests.length, b.requests.length]).toEqual([5, 5])
  expect(balancer.counts()).toMatchObject({
    requests: 10,
    answered: 10,
    aborted: 0,
    refused: 0,
    perBackend: [5, 5],
    inFlight: [0, 0],
    // Each connection is dispatched to the worker with the fewest; ties take turns.
    perWorker: [5, 5],
  })
})
