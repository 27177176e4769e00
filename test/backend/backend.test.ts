import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Backend, openBackend } from '../../src/backend/backend.ts'
import { type TimerQueue, timerQueue } from '../../src/backend/timer-queue.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { rawClient } from '../support/raw-client.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
/** Whether so many answers with a body of xs have come in full. */
const answers = (count: number) => (received: string) => received.split('\r\n\r\nxx').length > count

let diary: TimerQueue
let opened: Backend | undefined
beforeEach(() => {
  diary = timerQueue()
})
afterEach(async () => {
  opened?.stop()
  await diary.close()
})

/** A backend, the third, that answers at once with two bytes but for what `differs`. */
async function backend(differs: Partial<BackendPlan> = {}): Promise<Backend> {
  const plan: BackendPlan = {
    weight: 1,
    serviceTime: { kind: 'none' },
    responseBytes: 2,
    concurrency: 0,
    errorRate: 0,
    ...differs,
  }
  opened = await openBackend(plan, { number: 3, port: 0, seed: 1, agenda: diary })
  return opened
}

/** Waits until the counts are as given: they follow what a client does only once the kernel told the backend. */
async function counted(of: Backend, expected: Partial<ReturnType<Backend['counts']>>) {
  await expect.poll(() => of.counts(), { interval: 5, timeout: 5000 }).toMatchObject(expected)
}

test('names itself, and says how long its body is', async () => {
  const { port } = await backend({ responseBytes: 5 })
  await using client = await rawClient(port)
  client.send(get)
  const received = await client.until((text) => text.endsWith('xxxxx'))
  expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\nX-Backend: 3\r\n/)
  expect(received).toMatch(/\r\nContent-Length: 5\r\n(?:.*\r\n)*\r\nxxxxx$/)
})

test('answers HEAD with the length and without the body', async () => {
  const { port } = await backend()
  await using client = await rawClient(port)
  client.send(`HEAD / HTTP/1.1\r\nHost: a\r\n\r\n${get}`)
  const received = await client.until(answers(1))
  expect(received.match(/Content-Length: 2/g)).toHaveLength(2)
  expect(received.match(/xx/g)).toHaveLength(1)
})

test('answers pipelined requests in order, each once', async () => {
  const server = await backend({ serviceTime: { kind: 'exponential', mean: 0.001 } })
  await using client = await rawClient(server.port)
  client.send(get.repeat(50))
  const received = await client.until(answers(50))
  expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(50)
  expect(server.counts()).toMatchObject({ received: 50, answered: 50, inFlight: 0 })
})

test('keeps a connection open, and closes it where the client says so', async () => {
  const { port } = await backend()
  await using client = await rawClient(port)
  client.send(get)
  await client.until(answers(1))
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const received = await client.rest()
  expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  expect(received).toContain('Connection: close')
})

test('reads bodies to their end, then the next request', async () => {
  const server = await backend()
  await using client = await rawClient(server.port)
  client.send(`POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\n${'GET / HTTP/1.1\r\n\r\n12'}${get}`)
  client.send(`PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n${get}`)
  await client.until(answers(4))
  expect(server.counts()).toMatchObject({ received: 4, answered: 4 })
})

test('tells a client that waits for it to go on', async () => {
  const { port } = await backend()
  await using client = await rawClient(port)
  client.send('POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
  await client.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n')
  client.send('ab')
  expect(await client.until(answers(1))).toContain('HTTP/1.1 200 OK')
})

test('refuses what is not HTTP, closes, and does not count it as a request', async () => {
  const server = await backend()
  await using client = await rawClient(server.port)
  client.send('hello\r\n\r\n')
  expect(await client.rest()).toMatch(/^HTTP\/1\.1 400 /)
  expect(server.counts()).toMatchObject({ received: 0, malformed: 1 })
})

test('sends a large answer whole to a client that reads it late', async () => {
  const server = await backend({ responseBytes: 20_000_000 })
  await using client = await rawClient(server.port)
  client.send(get)
  const received = await client.until((text) => text.length > 20_000_000)
  expect(received.endsWith('xx')).toBe(true)
  await counted(server, { answered: 1, inFlight: 0 })
})

test('answers with 500 as often as asked, by its seed', async () => {
  const failures: number[] = []
  for (const _ of [1, 2]) {
    const server = await backend({ errorRate: 0.3 })
    await using client = await rawClient(server.port)
    client.send(get.repeat(2000))
    const received = await client.until(answers(2000))
    const failed = received.match(/HTTP\/1\.1 500/g)?.length ?? 0
    expect(server.counts().failed).toBe(failed)
    failures.push(failed)
    server.stop()
  }
  // Binomial(2000, 0.3): a standard deviation of 20.5; four are 82.
  expect(Math.abs((failures[0] as number) - 600)).toBeLessThan(82)
  expect(failures[1]).toBe(failures[0])
})

test('takes at least its service time', async () => {
  const { port } = await backend({ serviceTime: { kind: 'fixed', seconds: 0.03 } })
  await using client = await rawClient(port)
  const sent = performance.now()
  client.send(get)
  await client.until(answers(1))
  expect(performance.now() - sent).toBeGreaterThanOrEqual(30)
})

test('works on as many at once as it may, and the rest wait their turn', async () => {
  const server = await backend({ concurrency: 2, serviceTime: { kind: 'fixed', seconds: 0.03 } })
  const sent = performance.now()
  const finished = await Promise.all(
    Array.from({ length: 6 }, async () => {
      await using client = await rawClient(server.port)
      client.send(get)
      await client.until(answers(1))
      return performance.now() - sent
    }),
  )
  // Three rounds of two: nobody of a later round can be done before those ahead had their time.
  const sorted = finished.sort((a, b) => a - b)
  expect(sorted[2]).toBeGreaterThanOrEqual(60)
  expect(sorted[4]).toBeGreaterThanOrEqual(90)
  expect(server.counts()).toMatchObject({ answered: 6, queued: 0, queuePeak: 4 })
})

const slow = { concurrency: 1, serviceTime: { kind: 'fixed', seconds: 60 } } as const

test('a client that goes away while it waits gives up its place in the queue', async () => {
  const server = await backend(slow)
  await using first = await rawClient(server.port)
  await using second = await rawClient(server.port)
  first.send(get)
  await counted(server, { inFlight: 1 })
  second.send(get)
  await counted(server, { inFlight: 2, queued: 1 })
  second.reset()
  await counted(server, { received: 2, aborted: 1, inFlight: 1, queued: 0, queuePeak: 1 })
})

test('a client that goes away while it is served makes room for the next', async () => {
  const server = await backend({ ...slow, serviceTime: { kind: 'fixed', seconds: 0.5 } })
  const first = await rawClient(server.port)
  await using second = await rawClient(server.port)
  first.send(get)
  await counted(server, { inFlight: 1 })
  second.send(get)
  await counted(server, { queued: 1 })
  const left = performance.now()
  first.end()
  await counted(server, { aborted: 1, queued: 0 })
  await second.until(answers(1))
  // The second's time began when the first had gone: its own 500 ms, and not the rest of the first's.
  expect(performance.now() - left).toBeGreaterThanOrEqual(500 - 10)
  expect(server.counts()).toMatchObject({ received: 2, answered: 1, aborted: 1, inFlight: 0 })
})

test('counts those in flight anew when it is reset', async () => {
  const server = await backend(slow)
  await using client = await rawClient(server.port)
  client.send(get)
  await counted(server, { received: 1, inFlight: 1 })
  server.reset()
  expect(server.counts()).toMatchObject({ received: 1, answered: 0, aborted: 0, inFlight: 1 })
})

test('says which port it could not have', async () => {
  const { port } = await backend()
  const again = openBackend(
    { weight: 1, serviceTime: { kind: 'none' }, responseBytes: 1, concurrency: 0, errorRate: 0 },
    { number: 1, port, seed: 1, agenda: diary },
  )
  await expect(again).rejects.toThrow(`127.0.0.1:${port}: EADDRINUSE`)
})
