import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Backend, openBackend } from '../../src/backend/backend.ts'
import type { BackendsReady, BackendsWatch } from '../../src/backend/config.ts'
import { type TimerQueue, timerQueue } from '../../src/backend/timer-queue.ts'
import { modulePath } from '../../src/kit/module-path.ts'
import { hrtimeOffsetMs } from '../../src/kit/precise-timer.ts'
import { startProcess } from '../../src/lab/process.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { rawClient } from '../support/raw-client.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const answers = (count: number) => (received: string) => received.split('HTTP/1.1 ').length > count
const fixed = (seconds: number) => ({ serviceTime: { kind: 'fixed', seconds } as const })

let diary: TimerQueue
let opened: Backend | undefined
beforeEach(() => {
  diary = timerQueue()
})
afterEach(async () => {
  opened?.stop()
  await diary.close()
})

async function backend(differs: Partial<BackendPlan> = {}): Promise<Backend> {
  const plan = {
    ...{ weight: 1, responseBytes: 2, concurrency: 0, errorRate: 0, ...fixed(0.001) },
    ...differs,
  }
  opened = await openBackend(plan, { number: 1, port: 0, seed: 1, agenda: diary })
  return opened
}

/** How a connection that sends one request ends: what it was told, or the code of its error. */
async function ending(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes
  })
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  return once(socket, 'close').then(
    () => text,
    (error) => (error as NodeJS.ErrnoException).code ?? '',
  )
}

test('one that is killed refuses connections and ends those it had; restarted, it answers', async () => {
  const server = await backend(fixed(60))
  await using waiting = await rawClient(server.port)
  await using idle = await rawClient(server.port)
  waiting.send(get)
  await expect.poll(() => server.counts().inFlight, { interval: 5 }).toBe(1)
  await server.befall({ kind: 'kill' })
  expect(await waiting.rest()).toBe('')
  expect(await idle.rest()).toBe('')
  expect(await ending(server.port)).toBe('ECONNREFUSED')
  await expect
    .poll(() => server.counts(), { interval: 5 })
    .toMatchObject({ inFlight: 0, aborted: 1 })

  await server.befall(undefined)
  await using again = await rawClient(server.port)
  again.send(get)
  await expect.poll(() => server.counts().received, { interval: 5 }).toBe(2)
})

test('one that is restarted ends its connections and takes new ones', async () => {
  const server = await backend()
  await using before = await rawClient(server.port)
  before.send(get)
  await before.until(answers(1))
  await server.befall({ kind: 'restart' })
  await before.rest()
  await using after = await rawClient(server.port)
  after.send(get)
  expect(await after.until(answers(1))).toContain('200 OK')
})

test('one that is slow takes so many times as long', async () => {
  const server = await backend(fixed(0.02))
  await using client = await rawClient(server.port)
  await server.befall({ kind: 'slow', times: 10 })
  const sent = performance.now()
  client.send(get)
  await client.until(answers(1))
  expect(performance.now() - sent).toBeGreaterThanOrEqual(200)
})

test('once it is well again it is as fast as before, but for what it works on', async () => {
  const server = await backend(fixed(0.02))
  await using before = await rawClient(server.port)
  await using after = await rawClient(server.port)
  await server.befall({ kind: 'slow', times: 100_000 })
  before.send(get)
  await expect.poll(() => server.counts().inFlight, { interval: 5 }).toBe(1)
  await server.befall(undefined)
  after.send(get)
  await after.until(answers(1))
  expect(server.counts()).toMatchObject({ answered: 1, inFlight: 1 })
})

test('one with errors answers that share with 500, besides what its plan says', async () => {
  const server = await backend({ serviceTime: { kind: 'none' }, errorRate: 0.1 })
  await using client = await rawClient(server.port)
  await server.befall({ kind: 'errors', share: 0.5 })
  client.send(get.repeat(1000))
  await client.until(answers(1000))
  // Binomial(1000, 0.5): a standard deviation of 15.8; four are 63.
  expect(Math.abs(server.counts().failed - 500)).toBeLessThan(64)
  server.reset()
  await server.befall(undefined)
  client.send(get.repeat(1000))
  await client.until(answers(2000))
  // Binomial(1000, 0.1): a standard deviation of 9.5; four are 38.
  expect(Math.abs(server.counts().failed - 100)).toBeLessThan(38)
})

test('one that resets takes the connection and answers the request with RST', async () => {
  const server = await backend()
  await server.befall({ kind: 'reset' })
  expect(await ending(server.port)).toBe('ECONNRESET')
  expect(server.counts()).toMatchObject({ received: 1, answered: 0, aborted: 1, inFlight: 0 })
  await server.befall(undefined)
  await using client = await rawClient(server.port)
  client.send(get)
  expect(await client.until(answers(1))).toContain('200 OK')
})

test('one that hangs takes requests, answers none, and answers them when it is well again', async () => {
  const server = await backend()
  await using client = await rawClient(server.port)
  await using other = await rawClient(server.port)
  await server.befall({ kind: 'hang' })
  client.send(get)
  other.send(get)
  await expect.poll(() => server.counts().inFlight, { interval: 5 }).toBe(2)
  other.reset()
  await expect.poll(() => server.counts().aborted, { interval: 5 }).toBe(1)
  // What is due later is done later: their 1 ms is over by then.
  await new Promise<void>((done) => diary.add(performance.now() + 20, done))
  expect(server.counts()).toMatchObject({ answered: 0, inFlight: 1 })
  await server.befall(undefined)
  expect(await client.until(answers(1))).toContain('200 OK')
  expect(server.counts()).toMatchObject({ received: 2, answered: 1, aborted: 1, inFlight: 0 })
})

test('one that comes back is hit again before it listens: each fault in its turn', async () => {
  const server = await backend()
  const { port } = server
  await Promise.all([
    server.befall({ kind: 'kill' }),
    server.befall(undefined),
    server.befall({ kind: 'restart' }),
  ])
  await using client = await rawClient(port)
  client.send(get)
  await client.until(answers(1))
  await Promise.all([server.befall({ kind: 'restart' }), server.befall({ kind: 'kill' })])
  expect(await ending(port)).toBe('ECONNREFUSED')
})

test('the process brings each fault on at its time, says when, and counts what arrives', async () => {
  const file = modulePath('../../src/backend/main', import.meta.url)
  await using backends = await startProcess({ name: 'the backends', file })
  const plan = { weight: 1, responseBytes: 2, concurrency: 0, errorRate: 0, ...fixed(0.001) }
  const { ports } = await backends.call<BackendsReady>('start', { backends: [plan, plan], seed: 1 })
  const [first, second] = ports as [number, number]
  await backends.call('befall', {
    openedMs: performance.now() + hrtimeOffsetMs(),
    ...{ binSeconds: 0.1, bins: 600 },
    faults: [
      { at: 0.05, until: 0.1, backend: 1, ails: { kind: 'kill' } },
      { at: 0.15, until: 0.15, backend: 1, ails: { kind: 'restart' } },
      { at: 0.2, backend: 2, ails: { kind: 'reset' } },
      { at: 500, backend: 1, ails: { kind: 'kill' } },
    ],
  })
  await expect.poll(() => ending(second), { interval: 20, timeout: 5000 }).toBe('ECONNRESET')
  await using client = await rawClient(first)
  client.send(get)
  await client.until(answers(1))

  const { faults, received } = await backends.call<BackendsWatch>('watched')
  const [killed, restarted, resets, later] = faults
  expect(killed?.from).toBeGreaterThanOrEqual(0.05)
  expect(killed?.until).toBeGreaterThanOrEqual(0.1)
  expect(restarted?.until).toBeGreaterThanOrEqual(restarted?.from ?? Number.NaN)
  expect(resets).toEqual({ from: expect.toSatisfy((from) => from >= 0.2) })
  expect(later).toEqual({})
  expect(received.map((bins) => bins.length)).toEqual([600, 600])
  expect(received[0]?.reduce((sum, count) => sum + count)).toBe(1)
  expect(received[1]?.reduce((sum, count) => sum + count)).toBeGreaterThan(0)
})
