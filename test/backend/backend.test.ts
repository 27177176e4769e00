import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Backend, openBackend } from '../../src/backend/backend.ts'
import { type TimerQueue, timerQueue } from '../../src/backend/timer-queue.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { rawConnection } from '../support/http/raw-connection.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
/** Whether `count` complete responses, with a body of xs, were received. */
const responses = (count: number) => (received: string) =>
  received.split('\r\n\r\nxx').length > count

let timers: TimerQueue
let opened: Backend | undefined
beforeEach(() => {
  timers = timerQueue()
})
afterEach(async () => {
  opened?.stop()
  await timers.close()
})

/** Backend number 3, which responds at once with two bytes, except for `overrides`. */
async function backend(overrides: Partial<BackendPlan> = {}): Promise<Backend> {
  const plan: BackendPlan = {
    weight: 1,
    serviceTime: { kind: 'none' },
    responseBytes: 2,
    concurrency: 0,
    errorRate: 0,
    ...overrides,
  }
  opened = await openBackend(plan, { number: 3, port: 0, seed: 1, timers })
  return opened
}

/** Waits for these counts: they change only when the kernel has notified the backend. */
async function untilCounts(of: Backend, expected: Partial<ReturnType<Backend['counts']>>) {
  await expect.poll(() => of.counts(), { interval: 5, timeout: 5000 }).toMatchObject(expected)
}

test('a response has X-Backend and Content-Length', async () => {
  const { port } = await backend({ responseBytes: 5 })
  await using client = await rawConnection(port)
  client.send(get)
  const received = await client.until((text) => text.endsWith('xxxxx'))
  expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\nX-Backend: 3\r\n/)
  expect(received).toMatch(/\r\nContent-Length: 5\r\n(?:.*\r\n)*\r\nxxxxx$/)
})

test('the response to HEAD has the length and no body', async () => {
  const { port } = await backend()
  await using client = await rawConnection(port)
  client.send(`HEAD / HTTP/1.1\r\nHost: a\r\n\r\n${get}`)
  const received = await client.until(responses(1))
  expect(received.match(/Content-Length: 2/g)).toHaveLength(2)
  expect(received.match(/xx/g)).toHaveLength(1)
})

test('pipelined requests are answered in order, each once', async () => {
  const server = await backend({ serviceTime: { kind: 'exponential', mean: 0.001 } })
  await using client = await rawConnection(server.port)
  client.send(get.repeat(50))
  const received = await client.until(responses(50))
  expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(50)
  expect(server.counts()).toMatchObject({ received: 50, answered: 50, inFlight: 0 })
})

test('a connection is kept open, and closed on Connection: close', async () => {
  const { port } = await backend()
  await using client = await rawConnection(port)
  client.send(get)
  await client.until(responses(1))
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const received = await client.rest()
  expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  expect(received).toContain('Connection: close')
})

test('a body is skipped to its end, then the next request is read', async () => {
  const server = await backend()
  await using client = await rawConnection(server.port)
  client.send(`POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\n${'GET / HTTP/1.1\r\n\r\n12'}${get}`)
  client.send(`PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n${get}`)
  await client.until(responses(4))
  expect(server.counts()).toMatchObject({ received: 4, answered: 4 })
})

test('Expect: 100-continue gets 100 Continue', async () => {
  const { port } = await backend()
  await using client = await rawConnection(port)
  client.send('POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
  await client.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n')
  client.send('ab')
  expect(await client.until(responses(1))).toContain('HTTP/1.1 200 OK')
})

test('input that is not HTTP is refused with 400, counted as malformed, and the connection closed', async () => {
  const server = await backend()
  await using client = await rawConnection(server.port)
  client.send('hello\r\n\r\n')
  expect(await client.rest()).toMatch(/^HTTP\/1\.1 400 /)
  expect(server.counts()).toMatchObject({ received: 0, malformed: 1 })
})

test('a large response is complete for a client that reads late', async () => {
  const server = await backend({ responseBytes: 20_000_000 })
  await using client = await rawConnection(server.port)
  client.send(get)
  const received = await client.until((text) => text.length > 20_000_000)
  expect(received.endsWith('xx')).toBe(true)
  await untilCounts(server, { answered: 1, inFlight: 0 })
})

test('errorRate of the responses are 500, the same ones for the same seed', async () => {
  const failures: number[] = []
  for (const _ of [1, 2]) {
    const server = await backend({ errorRate: 0.3 })
    await using client = await rawConnection(server.port)
    client.send(get.repeat(2000))
    const received = await client.until(responses(2000))
    const failed = received.match(/HTTP\/1\.1 500/g)?.length ?? 0
    expect(server.counts().failed).toBe(failed)
    failures.push(failed)
    server.stop()
  }
  // Binomial(2000, 0.3): a standard deviation of 20.5; four are 82.
  expect(Math.abs((failures[0] as number) - 600)).toBeLessThan(82)
  expect(failures[1]).toBe(failures[0])
})

test('a response takes at least the service time', async () => {
  const { port } = await backend({ serviceTime: { kind: 'fixed', seconds: 0.03 } })
  await using client = await rawConnection(port)
  const sent = performance.now()
  client.send(get)
  await client.until(responses(1))
  expect(performance.now() - sent).toBeGreaterThanOrEqual(30)
})

test('`concurrency` requests are in service at the same time, the others are queued', async () => {
  const server = await backend({ concurrency: 2, serviceTime: { kind: 'fixed', seconds: 0.03 } })
  const sent = performance.now()
  const finished = await Promise.all(
    Array.from({ length: 6 }, async () => {
      await using client = await rawConnection(server.port)
      client.send(get)
      await client.until(responses(1))
      return performance.now() - sent
    }),
  )
  // Three rounds of two: a round cannot end before the ones ahead of it.
  const sorted = finished.sort((a, b) => a - b)
  expect(sorted[2]).toBeGreaterThanOrEqual(60)
  expect(sorted[4]).toBeGreaterThanOrEqual(90)
  expect(server.counts()).toMatchObject({ answered: 6, queued: 0, queuePeak: 4 })
})

const slow = { concurrency: 1, serviceTime: { kind: 'fixed', seconds: 60 } } as const

test('a client that disconnects while it is queued leaves the queue', async () => {
  const server = await backend(slow)
  await using first = await rawConnection(server.port)
  await using second = await rawConnection(server.port)
  first.send(get)
  await untilCounts(server, { inFlight: 1 })
  second.send(get)
  await untilCounts(server, { inFlight: 2, queued: 1 })
  second.reset()
  await untilCounts(server, { received: 2, aborted: 1, inFlight: 1, queued: 0, queuePeak: 1 })
})

test('a client that disconnects while it is in service frees the server for the next', async () => {
  const server = await backend({ ...slow, serviceTime: { kind: 'fixed', seconds: 0.5 } })
  const first = await rawConnection(server.port)
  await using second = await rawConnection(server.port)
  first.send(get)
  await untilCounts(server, { inFlight: 1 })
  second.send(get)
  await untilCounts(server, { queued: 1 })
  const left = performance.now()
  first.end()
  await untilCounts(server, { aborted: 1, queued: 0 })
  await second.until(responses(1))
  // The service of the second began when the first had disconnected, and takes its own 500 ms.
  expect(performance.now() - left).toBeGreaterThanOrEqual(500 - 10)
  expect(server.counts()).toMatchObject({ received: 2, answered: 1, aborted: 1, inFlight: 0 })
})

test('a reset counts the requests in flight as received', async () => {
  const server = await backend(slow)
  await using client = await rawConnection(server.port)
  client.send(get)
  await untilCounts(server, { received: 1, inFlight: 1 })
  server.reset()
  expect(server.counts()).toMatchObject({ received: 1, answered: 0, aborted: 0, inFlight: 1 })
})

test('a port in use is named in the error', async () => {
  const { port } = await backend()
  const again = openBackend(
    { weight: 1, serviceTime: { kind: 'none' }, responseBytes: 1, concurrency: 0, errorRate: 0 },
    { number: 1, port, seed: 1, timers },
  )
  await expect(again).rejects.toThrow(
    `backend 1 cannot listen on 127.0.0.1:${port}: the port is in use`,
  )
})
