import { once } from 'node:events'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Backend, openBackend } from '../../src/backend/backend.ts'
import { type TimerQueue, timerQueue } from '../../src/backend/timer-queue.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { rawConnection } from '../support/http/raw-connection.ts'

let timers: TimerQueue
let opened: Backend | undefined
let session: ClientHttp2Session | undefined
beforeEach(() => {
  timers = timerQueue()
})
afterEach(async () => {
  session?.destroy()
  opened?.stop()
  await timers.close()
})

/** Backend number 3, which responds at once with two bytes, except for `overrides`, and a client of Node's HTTP/2 to it. */
async function backend(overrides: Partial<BackendPlan> = {}) {
  const plan: BackendPlan = {
    weight: 1,
    serviceTime: { kind: 'none' },
    responseBytes: 2,
    concurrency: 0,
    errorRate: 0,
    ...overrides,
  }
  opened = await openBackend(plan, { number: 3, port: 0, seed: 1, timers })
  session = connect(`http://127.0.0.1:${opened.port}`)
  session.on('error', () => undefined)
  return { server: opened, client: session }
}

/** A response: its fields and the length of its body; a rejection if the stream is reset. */
async function ask(client: ClientHttp2Session, fields: OutgoingHttpHeaders = {}, body?: Buffer) {
  const stream = client.request({ ':path': '/', ...fields }, { endStream: body === undefined })
  let bytes = 0
  stream.on('data', (part: Buffer) => {
    bytes += part.length
  })
  if (body !== undefined) stream.end(body)
  const ended = once(stream, 'end')
  ended.catch(() => undefined)
  const [head] = await once(stream, 'response')
  await ended
  return { status: head[':status'], fields: head, bytes }
}

/** Waits for these counts: they change only when the kernel has notified the backend. */
async function untilCounts(of: Backend, expected: Partial<ReturnType<Backend['counts']>>) {
  await expect.poll(() => of.counts(), { interval: 5, timeout: 5000 }).toMatchObject(expected)
}

test('HTTP/2 by prior knowledge gets the response of HTTP/1.1, and is counted', async () => {
  const { server, client } = await backend({ responseBytes: 200_000 })
  const { status, fields, bytes } = await ask(client)
  expect([status, fields['x-backend'], fields['content-length'], bytes]).toEqual([
    ...[200, '3', '200000', 200_000],
  ])
  const head = await ask(client, { ':method': 'HEAD' })
  expect([head.fields['content-length'], head.bytes]).toEqual(['200000', 0])
  const post = await ask(client, { ':method': 'POST' }, Buffer.alloc(300_000))
  expect([post.status, post.bytes]).toEqual([200, 200_000])
  await untilCounts(server, { received: 3, answered: 3, http2: 3, inFlight: 0 })
})

test('beside it HTTP/1.1, whose first bytes may come one by one', async () => {
  const { server } = await backend()
  await using one = await rawConnection(server.port)
  one.send('P')
  await untilCounts(server, { received: 0 })
  one.send('UT / HTTP/1.1\r\nContent-Length: 0\r\n\r\n')
  expect(await one.until((text) => text.endsWith('xx'))).toMatch(/^HTTP\/1\.1 200 /)
  await untilCounts(server, { answered: 1, http2: 0 })
})

test('Expect: 100-continue gets 100, and then the response', async () => {
  const { client } = await backend()
  const stream = client.request({ ':method': 'POST', ':path': '/', expect: '100-continue' })
  await once(stream, 'continue')
  stream.end('ab')
  const [head] = await once(stream, 'response')
  expect(head[':status']).toBe(200)
})

test('streams share the queue: two in service at once, the others wait', async () => {
  const { server, client } = await backend({
    ...{ concurrency: 2, serviceTime: { kind: 'fixed', seconds: 0.02 } },
  })
  const sent = performance.now()
  await Promise.all(Array.from({ length: 6 }, () => ask(client)))
  // Three rounds of two.
  expect(performance.now() - sent).toBeGreaterThanOrEqual(60)
  expect(server.counts()).toMatchObject({ answered: 6, queued: 0, queuePeak: 4 })
})

test('errors of the plan are 500', async () => {
  const { server, client } = await backend({ errorRate: 1 })
  expect((await ask(client)).status).toBe(500)
  await untilCounts(server, { answered: 1, failed: 1 })
})

const slow = { concurrency: 1, serviceTime: { kind: 'fixed', seconds: 60 } } as const

test('a stream that is reset leaves the queue; a lost connection aborts all of its streams', async () => {
  const { server, client } = await backend(slow)
  const streams = [1, 2, 3].map(() => client.request({ ':path': '/' }))
  for (const one of streams) one.on('error', () => undefined)
  await untilCounts(server, { received: 3, queued: 2 })
  streams[2]?.close(8)
  await untilCounts(server, { aborted: 1, inFlight: 2, queued: 1 })
  client.destroy()
  await untilCounts(server, { received: 3, aborted: 3, inFlight: 0, queued: 0 })
})

test('faults: a hanging backend responds once it recovers, one that resets or is killed cuts the connection', async () => {
  const { server, client } = await backend()
  await server.inject({ kind: 'hang' })
  const response = ask(client)
  await untilCounts(server, { received: 1, answered: 0 })
  await server.inject(undefined)
  expect((await response).status).toBe(200)

  await server.inject({ kind: 'reset' })
  await expect(ask(client)).rejects.toThrow()
  await untilCounts(server, { received: 2, answered: 1, aborted: 1, inFlight: 0 })
})

test('input that is no HTTP/2 after the preface is counted as malformed', async () => {
  const { server } = await backend()
  await using one = await rawConnection(server.port)
  one.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nno frames of HTTP/2 at all')
  await one.rest()
  expect(server.counts()).toMatchObject({ received: 0, malformed: 1 })
})
