import { expect, test } from 'vitest'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { random } from '../../src/algorithms/random.ts'
import { rendezvous } from '../../src/algorithms/rendezvous.ts'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import type { SimulatedBackend, SimulationOptions, World } from '../../src/simulator/options.ts'
import { simulate } from '../../src/simulator/simulate.ts'

const fixed = (seconds: number, rest: Partial<SimulatedBackend> = {}): SimulatedBackend => ({
  weight: 1,
  service: { kind: 'fixed', seconds },
  servers: 1,
  ...rest,
})

function run(
  changes: Partial<World>,
  algorithm: SimulationOptions['algorithms'][number]['algorithm'] = roundRobin,
) {
  const world: World = {
    backends: [fixed(1), fixed(1)],
    arrivals: { kind: 'constant', rate: 1 },
    clients: { timeout: 100 },
    requests: 1000,
    warmup: 'none',
    ...changes,
  }
  const { algorithms } = simulate({
    ...{ world, replications: 2, seed: 1 },
    algorithms: [{ name: algorithm.name, algorithm }],
  })
  const [result] = algorithms
  if (result === undefined) throw new Error('nothing was simulated')
  return result
}

test('evenly spaced requests to fixed backends never wait', () => {
  expect(run({}).metrics?.mean.center).toBeCloseTo(1, 9)
})

test('a request that takes longer than the time-out fails, and leaves its backend', () => {
  const { failures, metrics, inSystem } = run({ backends: [fixed(3)], clients: { timeout: 2 } })
  expect(failures.timeout).toBe(1)
  expect(metrics).toBeUndefined()
  expect(inSystem).toBeCloseTo(2, 1)
})

test('a failed request is sent again to another backend', () => {
  const backends = [fixed(0.1, { errorRate: 1 }), fixed(0.1)]
  expect(run({ backends }).failures.error).toBe(0.5)
  // A turn each: the first attempt always meets the backend that fails.
  const { failures, attempts, metrics } = run({ backends, clients: { timeout: 100, retries: 1 } })
  expect(failures.error).toBe(0)
  expect(attempts).toBe(2)
  expect(metrics?.mean.center).toBeCloseTo(0.2, 9)
})

test('a full queue refuses', () => {
  const { failures, longestQueue } = run({
    backends: [fixed(10, { queue: 2 })],
    clients: { timeout: 1000 },
  })
  expect(failures.full).toBeGreaterThan(0.85)
  expect(longestQueue).toBe(2)
})

test('a hedged request takes the faster of two backends, and frees the other', () => {
  const backends = [fixed(50), fixed(0.1)]
  const { metrics, attempts } = run({ backends, clients: { timeout: 100, hedgeAfter: 0.2 } })
  expect(metrics?.mean.center).toBeCloseTo(0.3, 9)
  expect(attempts).toBe(2)
})

test('a dead backend is ejected, and the others get its requests', () => {
  const { failures, shares } = run({
    backends: [fixed(0.1), fixed(0.1)],
    faults: [{ at: 100, backend: 1, effect: { kind: 'kill' } }],
    ejection: { failures: 5, seconds: 100 },
  })
  // Five failures at each of nine ejections.
  expect(failures.refused).toBeCloseTo(0.045, 2)
  expect(shares[1]).toBeGreaterThan(0.9)
})

test('a backend that hangs responds when the fault ends', () => {
  const { metrics, failures } = run({
    backends: [fixed(0.1)],
    faults: [{ at: 100, until: 150, backend: 1, effect: { kind: 'hang' } }],
  })
  expect(failures.timeout).toBe(0)
  expect(metrics?.['p99.9'].center).toBeGreaterThan(40)
})

test('a slow backend is slow while the fault lasts', () => {
  const { metrics } = run({
    backends: [fixed(0.1)],
    faults: [{ at: 100, until: 200, backend: 1, effect: { kind: 'slow', times: 5 } }],
  })
  expect(metrics?.p50.center).toBeCloseTo(0.1, 3)
  expect(metrics?.mean.center).toBeCloseTo(0.14, 2)
})

test('caches hit more where keys stay on their backends', () => {
  const cached = fixed(1, { cache: { entries: 60, hitShare: 0.1 } })
  const world: Partial<World> = {
    backends: [cached, cached, cached, cached],
    keys: { count: 200, skew: 0 },
    requests: 5000,
  }
  const affine = run(world, rendezvous)
  const spread = run(world, random)
  expect(affine.hits).toBeGreaterThan(0.8)
  expect(spread.hits).toBeLessThan(0.4)
  expect(affine.metrics?.mean.center).toBeLessThan(spread.metrics?.mean.center ?? 0)
})

test('balancers that know less of each other have longer times', () => {
  const mean = (refresh: number) =>
    run(
      {
        backends: Array.from({ length: 8 }, () => fixed(1)),
        arrivals: { kind: 'poisson', rate: 7 },
        dispatchers: { count: 4, refresh },
        requests: 20_000,
      },
      leastConnections,
    ).metrics?.mean.center ?? 0
  const [current, often, never] = [mean(0), mean(1), mean(Number.POSITIVE_INFINITY)]
  expect(current).toBeLessThan(often)
  expect(current).toBeLessThan(never)
})

test('what the balancer itself takes is added, and one that is slow is a queue of its own', () => {
  const delay = run({ balancer: { servers: 0, service: { kind: 'fixed', seconds: 0.5 } } })
  expect(delay.metrics?.mean.center).toBeCloseTo(1.5, 9)
  const busy = run({
    arrivals: { kind: 'poisson', rate: 1 },
    balancer: { servers: 1, service: { kind: 'fixed', seconds: 0.8 } },
    requests: 20_000,
  })
  // M/D/1 at 0.8 in front: 0.8 + 0.8 × 0.8 ÷ (2 × 0.2) = 2.4 s, then 1 s or a little more.
  expect(busy.metrics?.mean.center).toBeGreaterThan(3.2)
})
