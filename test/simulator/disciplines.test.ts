import { expect, test } from 'vitest'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import type { SimulatedBackend, World } from '../../src/simulator/options.ts'
import { simulate } from '../../src/simulator/simulate.ts'

const fixed = (seconds: number, rest: Partial<SimulatedBackend> = {}): SimulatedBackend => ({
  weight: 1,
  service: { kind: 'fixed', seconds },
  servers: 1,
  ...rest,
})

/** Requests at these times to one backend, or another world. */
function run(times: readonly number[], changes: Partial<World> = {}) {
  const { algorithms } = simulate({
    world: {
      backends: [fixed(1)],
      discipline: 'sharing',
      arrivals: { kind: 'trace', times },
      clients: { timeout: 100 },
      requests: times.length,
      warmup: 'none',
      ...changes,
    },
    algorithms: [{ name: 'round-robin', algorithm: roundRobin }],
    replications: 2,
    seed: 1,
  })
  const [result] = algorithms
  if (result === undefined) throw new Error('nothing was simulated')
  return result
}

test('two requests that share a server progress at half speed', () => {
  // The first is alone for 0.5 s, then half as fast: over at 1.5. The second is alone from then on: over at 2.
  expect(run([0, 0.5]).metrics?.mean.center).toBeCloseTo(1.5, 9)
  expect(run([0, 0.5], { discipline: 'queue' }).metrics?.mean.center).toBeCloseTo(1.25, 9)
})

test('requests share only what is more than the servers', () => {
  expect(run([0, 0.5], { backends: [fixed(1, { servers: 2 })] }).metrics?.mean.center).toBeCloseTo(
    1,
    9,
  )
  expect(run([0, 0, 0], { backends: [fixed(1, { servers: 2 })] }).metrics?.mean.center).toBeCloseTo(
    1.5,
    9,
  )
})

test('a request that is given up leaves its part to the others', () => {
  // The first two do not complete within 1.6 s; the third finds an empty backend.
  const { failures, metrics } = run([0, 1, 10], {
    backends: [fixed(1.5)],
    clients: { timeout: 1.6 },
  })
  expect(failures.timeout).toBeCloseTo(2 / 3, 9)
  expect(metrics?.mean.center).toBeCloseTo(1.5, 9)
})

test('a shared backend is full when queue and servers are', () => {
  const { failures, longestQueue } = run([0, 0, 0, 0], { backends: [fixed(1, { queue: 2 })] })
  expect(failures.full).toBe(0.25)
  expect(longestQueue).toBe(2)
})

test('a fault slows down requests in service, too', () => {
  const { metrics } = run([0], {
    faults: [{ at: 0.5, until: 1.5, backend: 1, effect: { kind: 'slow', times: 4 } }],
  })
  // Half of the work, then a quarter of a second’s in a second, then the rest.
  expect(metrics?.mean.center).toBeCloseTo(1.75, 9)
})

const returning = (slowStart?: number) =>
  run([], {
    backends: [fixed(0.1), fixed(0.1)],
    arrivals: { kind: 'poisson', rate: 10 },
    requests: 610,
    faults: [{ at: 0.001, until: 5, backend: 1, effect: { kind: 'kill' } }],
    ejection: { failures: 5, seconds: 10, ...(slowStart !== undefined && { slowStart }) },
  }).shares[0] ?? 0

test('a backend that returns grows to its share over the slow start', () => {
  // Back after 11 of 61 s: then half of the requests, or over 50 s a growing part of them.
  expect(returning()).toBeCloseTo(0.41, 1)
  expect(returning(50)).toBeLessThan(returning() - 0.08)
  expect(returning(50)).toBeGreaterThan(0.15)
})

test('the slow start of the only backend is ignored', () => {
  const { failures } = run([], {
    backends: [fixed(0.1)],
    arrivals: { kind: 'constant', rate: 10 },
    requests: 1000,
    faults: [{ at: 0.001, until: 5, backend: 1, effect: { kind: 'kill' } }],
    ejection: { failures: 5, seconds: 10, slowStart: 50 },
  })
  // Ten seconds of ejection, and nothing behind them.
  expect(failures.unavailable).toBeCloseTo(0.1, 2)
})
