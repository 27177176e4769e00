import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { h2Backend } from '../support/h2-backend.ts'
import { exchange, rawClient } from '../support/raw-client.ts'
import {
  answerFrame,
  flag,
  frame,
  frameType,
  rawH2Backend,
  resetCode,
  word,
} from '../support/raw-h2-backend.ts'

const clear = ({ port }: { readonly port: number }) => ({
  backends: [{ url: `h2c://127.0.0.1:${port}`, weight: 1 }],
})
const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const upload = 'POST / HTTP/1.1\r\nHost: lb.test\r\nTE: trailers\r\nConnection: TE\r\n'
const chunked = `${upload}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`
const counted = `${upload}Content-Length: 1000\r\n\r\nab`
const lastHeaders = flag.endStream | flag.endHeaders

test.for([
  ['in the chunked coding', chunked, '2\r\ncd\r\n'],
  ['with a length', counted, 'cd'],
] as const)(
  'a response that ends before an upload %s arrives with its trailers, and stops the upload',
  async ([, start, more]) => {
    await using backend = await rawH2Backend((socket, stream) => {
      if (stream > 1) {
        socket.write(answerFrame(stream, [], lastHeaders))
        return
      }
      socket.write(answerFrame(stream, [['grpc-encoding', 'none']]))
      socket.write(frame(frameType.data, 0, stream, 'no'))
      socket.write(frame(frameType.headers, lastHeaders, stream, '\0\x0bgrpc-status\x0216'))
    })
    await using balancer = await balance([], clear(backend))
    await using client = await rawClient(balancer.port)
    client.send(start)
    expect(await client.until(/16\r\n\r\n$/)).toMatch(
      /^HTTP\/1\.1 200 .*\r\n0?2\r\nno\r\n0\r\ngrpc-status: 16\r\n\r\n$/s,
    )
    client.send(more)
    await eventually(() => resetCode(backend, 1) === 0)
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
    expect(backend.sockets).toHaveLength(1)
    expect(balancer.counts()).toMatchObject({ answered: 2, aborted: 0, inFlight: [0] })
  },
)

test('a backend that resets the rest of an upload without an error is taken at its response', async () => {
  await using backend = await rawH2Backend((socket, stream) => {
    socket.write(answerFrame(stream, [['content-length', '2']]))
    socket.write(frame(frameType.data, flag.endStream, stream, 'no'))
    socket.write(frame(frameType.reset, 0, stream, word(0)))
  })
  await using balancer = await balance([], clear(backend))
  for (const start of [chunked, counted]) {
    await using client = await rawClient(balancer.port)
    client.send(start)
    expect(await client.until(/no$/)).toMatch(/^HTTP\/1\.1 200 /)
  }
  expect(backend.sockets).toHaveLength(1)
  expect(balancer.counts()).toMatchObject({ answered: 2, aborted: 0, inFlight: [0] })
})

test('a thousand uploads that are refused, and so reset, end no session that is shared', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.respond({ ':status': 401 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-end': '1' }))
    stream.end('no')
  })
  await using balancer = await balance([], clear(backend))
  const one = async () => {
    await using client = await rawClient(balancer.port)
    client.send(chunked)
    expect(await client.until(/x-end: 1\r\n\r\n$/)).toMatch(/^HTTP\/1\.1 401 /)
  }
  for (let i = 0; i < 50; i++) await Promise.all(Array.from({ length: 20 }, one))
  // After 200 resets a session takes no more streams: the backend would end it after some hundreds more.
  expect(backend.sessions.length).toBeLessThanOrEqual(6)
  expect(balancer.counts()).toMatchObject({ answered: 1000, aborted: 0, inFlight: [0] })
})

test('a complete response that its client has not read yet outlives the session', async () => {
  const size = 60_000
  await using backend = await rawH2Backend((socket, stream) => {
    socket.write(answerFrame(stream, [['content-length', `${size}`]]))
    for (let left = size; left > 0; left -= 10_000) {
      const last = left === 10_000 ? flag.endStream : 0
      socket.write(frame(frameType.data, last, stream, 'x'.repeat(10_000)))
    }
    socket.end(frame(frameType.goAway, 0, 0, word(stream) + word(0)))
  })
  await using balancer = await balance([], clear(backend))
  await using client = await rawClient(balancer.port)
  client.socket.pause()
  client.send(get)
  await eventually(() => backend.sockets.length === 1 && backend.open() === 0)
  client.socket.resume()
  const response = await client.closed()
  expect(response.length - response.indexOf('\r\n\r\n') - 4).toBe(size)
  expect(balancer.counts()).toMatchObject({ answered: 1, aborted: 0, inFlight: [0] })
})

test('100 (Continue) of the backend reaches a client that waits for it', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.additionalHeaders({ ':status': 100 })
    stream.resume().on('end', () => {
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
  })
  await using balancer = await balance([], clear(backend))
  await using client = await rawClient(balancer.port)
  client.send('PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n')
  client.send('Expect: 100-continue\r\nContent-Length: 5\r\n\r\n')
  expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 100 /)
  expect(backend.asked[0]?.headers).toHaveProperty('expect', '100-continue')
  client.send('hello')
  expect(await client.closed()).toMatch(/HTTP\/1\.1 200 /)
})
