import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Backend, openBackend } from '../../src/backend/backend.ts'
import type { BackendsReady, FaultTimeline } from '../../src/backend/config.ts'
import { type TimerQueue, timerQueue } from '../../src/backend/timer-queue.ts'
import { hrtimeOffsetMs } from '../../src/kit/clock.ts'
import { modulePath } from '../../src/kit/module-path.ts'
import { startProcess } from '../../src/lab/process.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { rawConnection } from '../support/http/raw-connection.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const responses = (count: number) => (received: string) =>
  received.split('HTTP/1.1 ').length > count
const fixed = (seconds: number) => ({ serviceTime: { kind: 'fixed', seconds } as const })

let timers: TimerQueue
let opened: Backend | undefined
beforeEach(() => {
  timers = timerQueue()
})
afterEach(async () => {
  opened?.stop()
  await timers.close()
})

async function backend(overrides: Partial<BackendPlan> = {}): Promise<Backend> {
  const plan = {
    ...{ weight: 1, responseBytes: 2, concurrency: 0, errorRate: 0, ...fixed(0.001) },
    ...overrides,
  }
  opened = await openBackend(plan, { number: 1, port: 0, seed: 1, timers })
  return opened
}

/** Sends one request, and returns what was received until the connection closed, or the error code. */
async function receive(port: number): Promise<string> {
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

test('kill: connections are refused and closed; after the recovery requests are served', async () => {
  const server = await backend(fixed(60))
  await using waiting = await rawConnection(server.port)
  await using idle = await rawConnection(server.port)
  waiting.send(get)
  await expect.poll(() => server.counts().inFlight, { interval: 5 }).toBe(1)
  await server.inject({ kind: 'kill' })
  expect(await waiting.rest()).toBe('')
  expect(await idle.rest()).toBe('')
  expect(await receive(server.port)).toBe('ECONNREFUSED')
  await expect
    .poll(() => server.counts(), { interval: 5 })
    .toMatchObject({ inFlight: 0, aborted: 1 })

  await server.inject(undefined)
  await using again = await rawConnection(server.port)
  again.send(get)
  await expect.poll(() => server.counts().received, { interval: 5 }).toBe(2)
})

test('restart: connections are closed, new ones are accepted', async () => {
  const server = await backend()
  await using before = await rawConnection(server.port)
  before.send(get)
  await before.until(responses(1))
  await server.inject({ kind: 'restart' })
  await before.rest()
  await using after = await rawConnection(server.port)
  after.send(get)
  expect(await after.until(responses(1))).toContain('200 OK')
})

test('slow ×10 takes ten times as long', async () => {
  const server = await backend(fixed(0.02))
  await using client = await rawConnection(server.port)
  await server.inject({ kind: 'slow', times: 10 })
  const sent = performance.now()
  client.send(get)
  await client.until(responses(1))
  expect(performance.now() - sent).toBeGreaterThanOrEqual(200)
})

test('after a recovery new requests are fast, those in service stay slow', async () => {
  const server = await backend(fixed(0.02))
  await using before = await rawConnection(server.port)
  await using after = await rawConnection(server.port)
  await server.inject({ kind: 'slow', times: 100_000 })
  before.send(get)
  await expect.poll(() => server.counts().inFlight, { interval: 5 }).toBe(1)
  await server.inject(undefined)
  after.send(get)
  await after.until(responses(1))
  expect(server.counts()).toMatchObject({ answered: 1, inFlight: 1 })
})

test('errors: that share of the responses is 500, in place of the plan’s lower rate', async () => {
  const server = await backend({ serviceTime: { kind: 'none' }, errorRate: 0.1 })
  await using client = await rawConnection(server.port)
  await server.inject({ kind: 'errors', share: 0.5 })
  client.send(get.repeat(1000))
  await client.until(responses(1000))
  // Binomial(1000, 0.5): a standard deviation of 15.8; four are 63.
  expect(Math.abs(server.counts().failed - 500)).toBeLessThan(64)
  server.reset()
  await server.inject(undefined)
  client.send(get.repeat(1000))
  await client.until(responses(2000))
  // Binomial(1000, 0.1): a standard deviation of 9.5; four are 38.
  expect(Math.abs(server.counts().failed - 100)).toBeLessThan(38)
})

test('reset: a connection is accepted, and the request gets a RST', async () => {
  const server = await backend()
  await server.inject({ kind: 'reset' })
  expect(await receive(server.port)).toBe('ECONNRESET')
  expect(server.counts()).toMatchObject({ received: 1, answered: 0, aborted: 1, inFlight: 0 })
  await server.inject(undefined)
  await using client = await rawConnection(server.port)
  client.send(get)
  expect(await client.until(responses(1))).toContain('200 OK')
})

test('hang: requests are accepted, and answered only after the recovery', async () => {
  const server = await backend()
  await using client = await rawConnection(server.port)
  await using other = await rawConnection(server.port)
  await server.inject({ kind: 'hang' })
  client.send(get)
  other.send(get)
  await expect.poll(() => server.counts().inFlight, { interval: 5 }).toBe(2)
  other.reset()
  await expect.poll(() => server.counts().aborted, { interval: 5 }).toBe(1)
  // A task that is due later runs later: their 1 ms of service is over by then.
  await new Promise<void>((done) => timers.add(performance.now() + 20, done))
  expect(server.counts()).toMatchObject({ answered: 0, inFlight: 1 })
  await server.inject(undefined)
  expect(await client.until(responses(1))).toContain('200 OK')
  expect(server.counts()).toMatchObject({ received: 2, answered: 1, aborted: 1, inFlight: 0 })
})

test('faults that overlap a restart are applied one after the other', async () => {
  const server = await backend()
  const { port } = server
  await Promise.all([
    server.inject({ kind: 'kill' }),
    server.inject(undefined),
    server.inject({ kind: 'restart' }),
  ])
  await using client = await rawConnection(port)
  client.send(get)
  await client.until(responses(1))
  await Promise.all([server.inject({ kind: 'restart' }), server.inject({ kind: 'kill' })])
  expect(await receive(port)).toBe('ECONNREFUSED')
})

test('the process injects each fault at its time, reports the times, and counts arrivals', async () => {
  const file = modulePath('../../src/backend/main', import.meta.url)
  await using backends = await startProcess({ name: 'the backends', file })
  const plan = { weight: 1, responseBytes: 2, concurrency: 0, errorRate: 0, ...fixed(0.001) }
  const { ports } = await backends.call<BackendsReady>('start', { backends: [plan, plan], seed: 1 })
  const [first, second] = ports as [number, number]
  await backends.call('injectFaults', {
    openedMs: performance.now() + hrtimeOffsetMs(),
    ...{ binSeconds: 0.1, bins: 600 },
    faults: [
      { at: 0.05, until: 0.1, backend: 1, effect: { kind: 'kill' } },
      { at: 0.15, until: 0.15, backend: 1, effect: { kind: 'restart' } },
      { at: 0.2, backend: 2, effect: { kind: 'reset' } },
      { at: 500, backend: 1, effect: { kind: 'kill' } },
    ],
  })
  await expect.poll(() => receive(second), { interval: 20, timeout: 5000 }).toBe('ECONNRESET')
  await using client = await rawConnection(first)
  client.send(get)
  await client.until(responses(1))

  const { faults, received } = await backends.call<FaultTimeline>('faultTimeline')
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
