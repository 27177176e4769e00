import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import type { Reins } from '../support/processes/children/controlled-worker.ts'
import { configFor, eventually } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

// The balancer and its workers, but that a test can hold a worker before it is ready, and have it fail.
vi.mock(import('../../src/kit/module-path.ts'), async (original) => {
  const kit = await original()
  const reined = new URL('../support/processes/children/controlled-worker.ts', import.meta.url)
  return {
    ...kit,
    modulePath: (name, base) =>
      name === '../worker/worker' ? fileURLToPath(reined) : kit.modulePath(name, base),
  }
})

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const served = /^HTTP\/1\.1 200 .*ok$/s

const folder = mkdtempSync(join(tmpdir(), 'lb-dying-'))
const hold = join(folder, 'hold')
afterEach(() => release())

/** Workers that start from now on do not get ready. */
function holdNew(): void {
  for (const sign of ['-held', '-ready']) rmSync(`${hold}${sign}`, { force: true })
  writeFileSync(hold, '')
  process.env.LB_TEST_HOLD = hold
}

function release(): void {
  rmSync(hold, { force: true })
}

/** Has a worker come to where it fails of an uncaught exception. */
async function fail(worker: number) {
  const steps = new Int32Array(new SharedArrayBuffer(8))
  const channel = new BroadcastChannel('reins')
  channel.postMessage({ worker, steps } satisfies Reins)
  await eventually(() => Atomics.load(steps, 0) === 1)
  channel.close()
  return {
    /** Lets it go on to the end, or up to where it has failed and not ended. */
    async go({ past }: { readonly past: 1 | 2 }) {
      Atomics.store(steps, 1, past)
      Atomics.notify(steps, 1)
      await eventually(() => Atomics.load(steps, 0) === 2)
    },
  }
}

const ask = (port: number, times: number) =>
  Promise.all(Array.from({ length: times }, () => exchange(port, get)))

/** What has come to this thread by now is seen. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
}

test.for([1, 2])(
  'connections that come as one of %i workers is ended are all served',
  async (workers) => {
    await using backend = await recordingBackend()
    await using balancer = await startBalancer(configFor([backend.port], { workers }))
    // They go round, from the second on: then it is the turn of the one that is ended.
    await ask(balancer.port, workers - 1)
    const asked = ask(balancer.port, 30)
    // They are in the kernel's queue by then: the first of them is accepted before the end is heard of.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    balancer.kill(0)
    const responses = await asked
    expect(responses.filter((response) => !served.test(response))).toEqual([])
    const { counts } = balancer
    await eventually(() => counts().answered === 29 + workers)
    expect(counts()).toMatchObject({ answered: 29 + workers, aborted: 0, inFlight: [0] })
  },
)

test('a worker that is not ready yet gets no connection: the other has them all', async () => {
  await using backend = await recordingBackend()
  await using balancer = await startBalancer(configFor([backend.port], { workers: 2 }))
  holdNew()
  balancer.kill(0)
  for (const response of await ask(balancer.port, 6)) expect(response).toMatch(served)
  expect(balancer.counts().perWorker).toEqual([0, 6])
  release()
  await eventually(async () => {
    await ask(balancer.port, 2)
    return (balancer.counts().perWorker[0] ?? 0) > 0
  })
})

test('where no worker is ready connections wait, and count among those that are open', async () => {
  await using backend = await recordingBackend()
  const settings = { workers: 1, limits: { connections: 2 } }
  await using balancer = await startBalancer(configFor([backend.port], settings))
  holdNew()
  balancer.kill(0)
  await using first = await rawClient(balancer.port)
  await using second = await rawClient(balancer.port)
  first.send(get)
  second.send(get)
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 503 /)
  release()
  expect(await first.closed()).toMatch(served)
  expect(await second.closed()).toMatch(served)
})

test('a worker that is ended as it gets ready takes nothing of what waits', async () => {
  await using backend = await recordingBackend()
  await using balancer = await startBalancer(configFor([backend.port], { workers: 1 }))
  holdNew()
  balancer.kill(0)
  await using client = await rawClient(balancer.port)
  client.send(get)
  await eventually(() => existsSync(`${hold}-held`))
  release()
  // It gets ready, and is ended, before this thread hears of either.
  const limit = Date.now() + 20_000
  while (!existsSync(`${hold}-ready`) && Date.now() < limit) {}
  balancer.kill(0)
  expect(await client.closed()).toMatch(served)
})

test('what waits for a worker is closed as the balancer stops', async () => {
  await using backend = await recordingBackend()
  await using balancer = await startBalancer(configFor([backend.port], { workers: 1 }))
  holdNew()
  balancer.kill(0)
  await using client = await rawClient(balancer.port)
  await turnOfTheLoop()
  await balancer.stop()
  await client.closed()
})

test('a worker that fails gives back the connections that it has not taken yet', async () => {
  await using backend = await recordingBackend()
  const settings = { workers: 1, admin: { port: 0 } }
  await using balancer = await startBalancer(configFor([backend.port], settings))
  const failing = await fail(0)
  const responses = ask(balancer.port, 30)
  await eventually(async () => {
    const metrics = await fetch(`http://127.0.0.1:${balancer.adminPort}/metrics`)
    return /^lb_connections\{worker="0"\} 30$/m.test(await metrics.text())
  })
  await failing.go({ past: 2 })
  for (const response of await responses) expect(response).toMatch(served)
  await eventually(() => balancer.counts().answered === 30)
  expect(balancer.counts()).toMatchObject({ answered: 30, aborted: 0, inFlight: [0] })
})

test('a worker that has failed gets no connection before its end is heard of', async () => {
  await using backend = await recordingBackend()
  await using balancer = await startBalancer(configFor([backend.port], { workers: 2 }))
  const failing = await fail(0)
  await failing.go({ past: 1 })
  for (const response of await ask(balancer.port, 6)) expect(response).toMatch(served)
  expect(balancer.counts().perWorker).toEqual([0, 6])
  await failing.go({ past: 2 })
})

test('a worker that fails logs what it has responded to, and what it cuts', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (!text.includes('/hang')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  const accessLog = join(folder, 'access.log')
  await using balancer = await startBalancer(configFor([backend.port], { workers: 1, accessLog }))
  await ask(balancer.port, 3)
  await using client = await rawClient(balancer.port)
  client.send(get.replace('/ ', '/hang '))
  await backend.until(/\/hang/)
  const failing = await fail(0)
  await failing.go({ past: 2 })
  await client.closed()
  expect(client.fault()).toMatchObject({ code: 'ECONNRESET' })
  const lines = readFileSync(accessLog, 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).reason)).toEqual([
    undefined,
    undefined,
    undefined,
    'worker-failed',
  ])
  await eventually(() => balancer.counts().aborted === 1)
  expect(balancer.counts()).toMatchObject({ answered: 3, aborted: 1, inFlight: [0] })
})

test('a balancer whose workers end before they serve does not start', async () => {
  process.env.LB_TEST_VAIN = join(folder, 'never')
  try {
    await expect(startBalancer(configFor([1], { workers: 2 }))).rejects.toThrow(
      /exited before it was ready/,
    )
    const tries = readFileSync(join(folder, 'never'), 'utf8')
    expect(tries.length).toBeLessThanOrEqual(2)
  } finally {
    delete process.env.LB_TEST_VAIN
  }
})

test('a place whose workers end before they serve is tried again, with pauses, and left alone after a stop', async () => {
  await using backend = await recordingBackend()
  await using balancer = await startBalancer(configFor([backend.port], { workers: 1 }))
  const vain = join(folder, 'vain')
  process.env.LB_TEST_VAIN = vain
  writeFileSync(vain, '')
  const tries = () => readFileSync(vain, 'utf8').length
  const timers = vi.spyOn(globalThis, 'setTimeout')
  try {
    balancer.kill(0)
    await eventually(() => tries() >= 3)
    // The first takes the place at once, the next ones wait, each for longer.
    const pauses = timers.mock.calls.map(([, ms]) => ms)
    expect(pauses).toEqual(expect.arrayContaining([100, 200]))
  } finally {
    timers.mockRestore()
    delete process.env.LB_TEST_VAIN
  }
  expect(await ask(balancer.port, 1)).toEqual([expect.stringMatching(served)])
  process.env.LB_TEST_VAIN = vain
  try {
    const before = tries()
    balancer.kill(0)
    await eventually(() => tries() > before)
    await balancer.stop()
  } finally {
    delete process.env.LB_TEST_VAIN
  }
})
