import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { startHeapProfile } from 'node:v8'
import { expect, test } from 'vitest'
import { type Balancer, startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { decodePprof } from '../../src/profile/pprof.ts'
import type { Profile } from '../../src/profile/profile.ts'
import { configFor, eventually } from './support/balance.ts'
import { recordingBackend } from './support/recording-backend.ts'

const token = 'a-token-for-these-tests'
const headers = { authorization: `Bearer ${token}` }

/** A balancer with profiling, two workers and one backend. */
async function profiled() {
  await using started = new AsyncDisposableStack()
  const backend = started.use(await recordingBackend())
  const settings = { workers: 2, admin: { port: 0, token, profiling: true } }
  const balancer = started.use(await startBalancer(configFor([backend.port], settings)))
  const kept = started.move()
  return { balancer, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

const get = ({ adminPort }: Pick<Balancer, 'adminPort'>, path: string) =>
  fetch(`http://127.0.0.1:${adminPort}/debug/${path}`, { headers })

async function profileOf(balancer: Pick<Balancer, 'adminPort'>, path: string): Promise<Profile> {
  const response = await get(balancer, path)
  expect(response.status).toBe(200)
  return decodePprof(await response.bytes())
}

/** Values by the function at the leaf. */
function byLeaf({ frames, samples }: Profile): [string, number][] {
  const values = new Map<string, number>()
  for (const { stack, value } of samples) {
    const name = frames[stack.at(-1) as number]?.name ?? ''
    values.set(name, (values.get(name) ?? 0) + value)
  }
  return [...values].toSorted(([, a], [, b]) => b - a)
}

const workersOf = ({ samples }: Profile) =>
  [...new Set(samples.map(({ worker }) => worker))].toSorted()

/** Takes CPU time: half of this thread's, while it is in use. */
function busyLoop(): Disposable {
  let sum = 0
  const plantedLoop = () => {
    for (const end = performance.now() + 20; performance.now() < end; ) {
      for (let i = 0; i < 10_000; i++) sum += Math.sqrt(i)
    }
    return sum
  }
  const timer = setInterval(plantedLoop, 40)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Opens idle connections to the balancer, one after the other. */
async function openConnections(port: number, count: number): Promise<Disposable> {
  const sockets: Socket[] = []
  for (let i = 0; i < count; i++) {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    await once(socket, 'connect')
  }
  return {
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

test('the busy function is the hottest of the CPU profile; every profile has all workers', async () => {
  await using p = await profiled()
  using _busy = busyLoop()
  const profile = await profileOf(p.balancer, 'pprof/profile?seconds=1')
  expect(profile.kind).toBe('cpu')
  expect(byLeaf(profile)[0]?.[0]).toBe('plantedLoop')
  expect(byLeaf(profile).map(([name]) => name)).not.toContain('(idle)')
  expect(workersOf(profile)).toContain('main')
  const { balancer } = p
  // In JSON, idle time shows that a worker is there.
  const cpu = await (await get(balancer, 'pprof/profile?seconds=0.2&format=json')).json()
  expect(workersOf(cpu as Profile)).toEqual(['0', '1', 'main'])

  // V8 samples the heap of a thread once at a time. No worker is left with a profile that is in the way of the next one.
  const other = startHeapProfile()
  const refused = await get(balancer, 'pprof/heap?seconds=0.1')
  other.stop()
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({ error: expect.stringMatching(/^V8 refuses/) })

  const heap = profileOf(balancer, 'pprof/heap?seconds=0.5')
  using _clients = await openConnections(balancer.port, 50)
  expect(byLeaf(await heap).length).toBeGreaterThan(0)

  const open = await profileOf(balancer, 'pprof/activity?seconds=0.1')
  expect(workersOf(open)).toEqual(['0', '1', 'main'])
  // The connections of the clients, of which each worker has half.
  expect(new Map(byLeaf(open)).get('TCPSocketWrap')).toBeGreaterThanOrEqual(50)

  const memory = await fetch(`http://127.0.0.1:${balancer.adminPort}/debug/gc`, {
    method: 'POST',
    headers,
  })
  const { threads } = (await memory.json()) as { threads: { worker: string; heapBytes: number }[] }
  expect(threads.map(({ worker }) => worker)).toEqual(['main', '0', '1'])
  expect(threads.every(({ heapBytes }) => heapBytes > 0)).toBe(true)
})

test('a worker that ends in the middle is left out, and a stop ends the profile', async () => {
  await using p = await profiled()
  const { balancer } = p
  const begin = async (path: string) => {
    const response = get(balancer, `${path}&format=json`)
    await eventually(async () => (await get(balancer, 'pprof/heap')).status === 409)
    return { response }
  }
  for (const name of ['profile', 'heap', 'activity']) {
    const { response } = await begin(`pprof/${name}?seconds=0.2`)
    balancer.kill(1)
    expect(workersOf((await (await response).json()) as Profile)).not.toContain('1')
  }
  const { response } = await begin('pprof/profile?seconds=60')
  await balancer.stop()
  expect((await response).status).toBe(200)
})
