import { expect, test } from 'vitest'
import { type Balancer, startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { decodePprof } from '../../src/profile/pprof.ts'
import type { Profile } from '../../src/profile/profile.ts'
import { configFor } from './support/balance.ts'
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

test('the hottest function of the CPU profile is the one that is busy', async () => {
  await using p = await profiled()
  using _ = busyLoop()
  const profile = await profileOf(p.balancer, 'pprof/profile?seconds=1')
  expect(profile.kind).toBe('cpu')
  expect(byLeaf(profile)[0]?.[0]).toBe('plantedLoop')
  expect(workersOf(profile)).toContain('main')
})
