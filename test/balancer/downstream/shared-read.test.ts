import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { rawConnection } from '../../support/http/raw-connection.ts'
import { balance, eventually } from '../support/balance.ts'
import { rawBackend } from '../support/raw-backend.ts'
import { recordingBackend } from '../support/recording-backend.ts'

/*
 * All clients of a worker read into the same memory. Whatever of one client must wait is not overwritten by what another sends
 * meanwhile.
 */

const head = (method: string, path: string, more = '') =>
  `${method} ${path} HTTP/1.1\r\nHost: lb.test\r\n${more}\r\n`
const responses = (count: number) => (text: string) =>
  (text.match(/HTTP\/1\.1 200/g) ?? []).length === count

/** Another client sends a request of its own, whose bytes are nowhere else, and gets its response. */
async function another(port: number, path: string): Promise<void> {
  await using client = await rawConnection(port)
  client.send(head('GET', path, `X-Other: ${'#'.repeat(4000)}\r\n`))
  await client.until(responses(1))
}

test('a head in two parts', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await rawConnection(balancer.port)
  client.send('GET /first-half')
  await another(balancer.port, '/between')
  client.send(`-second HTTP/1.1\r\nHost: lb.test\r\n`)
  await another(balancer.port, '/between')
  client.send('\r\n')
  await client.until(responses(1))
  expect(backend.requests.map(({ target }) => target)).toEqual([
    ...['/between', '/between', '/first-half-second'],
  ])
})

test.for([
  ['with a length', 'Content-Length: 10\r\n', ['hello', 'world']],
  ['in chunks', 'Transfer-Encoding: chunked\r\n', ['5\r\nhello\r\n5\r\nwo', 'rld\r\n0\r\n\r\n']],
] as const)('a body %s, in parts', async ([, field, [start, rest]]) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await rawConnection(balancer.port)
  client.send(head('POST', '/', field) + start)
  await another(balancer.port, '/between')
  client.send(rest)
  await client.until(responses(1))
  expect(backend.requests.at(-1)?.body).toBe('helloworld')
})

test('pipelined requests that wait for the response before them', async () => {
  const waiting: (() => void)[] = []
  await using backend = await recordingBackend(({ target }, response) => {
    if (target === '/slow') waiting.push(() => response.end('ok'))
    else response.end('ok')
  })
  await using balancer = await balance([backend.port])
  await using client = await rawConnection(balancer.port)
  client.send(head('GET', '/slow') + head('GET', '/second'))
  await eventually(() => waiting.length === 1)
  client.send(head('GET', '/third'))
  await another(balancer.port, '/between')
  waiting[0]?.()
  await client.until(responses(3))
  expect(backend.requests.map(({ target }) => target)).toEqual([
    ...['/slow', '/between', '/second', '/third'],
  ])
})

test('an upload that its backend is slow to take', async () => {
  const size = 16 << 20
  const body = Buffer.alloc(size, 'abcdefghij')
  let taken = 0
  let wrong = 0
  await using slow = await rawBackend(() => undefined)
  slow.server.removeAllListeners('connection')
  slow.server.on('connection', (socket) => {
    socket.pause()
    slow.sockets.push(socket)
  })
  await using quick = await recordingBackend()
  await using balancer = await balance([slow.port, quick.port])
  const client = connect(balancer.port, '127.0.0.1')
  await once(client, 'connect')
  client.write(head('POST', '/', `Content-Length: ${size}\r\n`))
  client.write(body)
  await eventually(() => slow.sockets.length === 1)
  for (let i = 0; i < 5; i++) {
    // Round robin: the slow backend's turn comes in between, and goes to its next connection.
    await using other = await rawConnection(balancer.port)
    other.send(head('POST', `/${'x'.repeat(2000)}`, 'Content-Length: 8000\r\n') + '#'.repeat(8000))
    if (i % 2 === 0) await other.until(responses(1))
  }
  const [socket] = slow.sockets
  let started = false
  socket?.on('data', (chunk: Buffer) => {
    const from = started ? 0 : chunk.indexOf('\r\n\r\n') + 4
    started = true
    for (const byte of chunk.subarray(from)) if (byte !== body[taken++ % 10]) wrong++
  })
  socket?.resume()
  await eventually(() => taken === size)
  expect(wrong).toBe(0)
  client.destroy()
})
