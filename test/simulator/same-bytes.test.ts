import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { algorithms } from '../../src/algorithms/index.ts'
import type { SimulatedBackend, World } from '../../src/simulator/options.ts'
import { replicate } from '../../src/simulator/simulate.ts'

const backend = (changes: Partial<SimulatedBackend> = {}): SimulatedBackend => ({
  weight: 1,
  service: { kind: 'exponential', mean: 1 },
  servers: 1,
  ...changes,
})

function several(count: number, changes?: Partial<SimulatedBackend>): SimulatedBackend[] {
  return Array.from({ length: count }, (_, i) => backend({ weight: 1 + (i % 3), ...changes }))
}

/** Each part of a world at least once, and events of one time. */
const worlds: Record<string, World> = {
  'many backends': {
    backends: several(70),
    arrivals: { kind: 'poisson', rate: 50 },
    keys: { count: 300, skew: 0.5 },
    clients: { timeout: 1e6 },
    requests: 700,
  },
  'equal times': {
    backends: several(6, { service: { kind: 'fixed', seconds: 1 }, servers: 2, queue: 3 }),
    arrivals: { kind: 'constant', rate: 8 },
    keys: { count: 20, skew: 1 },
    clients: { timeout: 3, retries: 1, hedgeAfter: 2 },
    dispatchers: { count: 3, refresh: 0.5 },
    requests: 400,
  },
  'faults, retries and caches': {
    backends: several(5, {
      service: { kind: 'lognormal', median: 0.5, sigma: 1 },
      errorRate: 0.05,
      cache: { entries: 5, hitShare: 0.2 },
    }),
    discipline: 'sharing',
    arrivals: { kind: 'sessions', rate: 3, requests: 4, pause: 1 },
    clients: { timeout: 4, retries: 2 },
    balancer: { servers: 1, service: { kind: 'fixed', seconds: 0.1 } },
    ejection: { failures: 2, seconds: 5, slowStart: 5 },
    faults: [
      { at: 10, until: 30, backend: 1, effect: { kind: 'kill' } },
      { at: 40, until: 60, backend: 2, effect: { kind: 'hang' } },
      { at: 40, until: 60, backend: 3, effect: { kind: 'slow', times: 3 } },
      { at: 70, until: 90, backend: 4, effect: { kind: 'errors', share: 0.5 } },
    ],
    requests: 400,
  },
}

function digestOf(world: World): string {
  const hash = createHash('sha256')
  for (const algorithm of algorithms) {
    const recorder = replicate(world, { name: algorithm.name, algorithm }, 1)
    const { sums, counts, failures, picks, area, timeInSystem, lastArrival } = recorder
    const { longestQueue, furtherAttempts, hits, lookups } = recorder
    for (const column of [sums, counts, failures, picks]) hash.update(column)
    hash.update(Float64Array.of(area, timeInSystem, lastArrival))
    hash.update(Float64Array.of(longestQueue, furtherAttempts, hits, lookups))
  }
  return hash.digest('hex').slice(0, 16)
}

// Written down once: another machine, another release of Node and faster code must come to the same bytes.
test.for([
  ['many backends', 'be57cd05fa5528eb'],
  ['equal times', 'd3eb2c9b1dc1c0a0'],
  ['faults, retries and caches', '00418dabdde89f96'],
] as const)('a simulation has the same bytes everywhere: %s', ([name, digest]) => {
  expect(digestOf(worlds[name] as World)).toBe(digest)
})
