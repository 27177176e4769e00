import { expect, test } from 'vitest'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import { faster, objectiveRates } from '../../src/choose/objective-rates.ts'
import { objective } from '../../src/plan/objective.ts'
import type { SimulatedBackend, World } from '../../src/simulator/options.ts'

const backend: SimulatedBackend = {
  ...{ weight: 1, service: { kind: 'exponential', mean: 0.01 }, servers: 1 },
}
const world: World = {
  backends: [backend],
  arrivals: { kind: 'poisson', rate: 70 },
  clients: { timeout: 100 },
  requests: 6000,
}
const algorithms = [roundRobin, leastConnections].map((algorithm) => ({
  name: algorithm.name,
  algorithm,
}))

function rates(slo: string, differs: Partial<World> = {}) {
  return objectiveRates({
    world: { ...world, ...differs },
    objective: objective(slo),
    algorithms,
    ...{ first: ['round-robin'], replications: 4, seed: 1 },
  })
}

test('one server: the rate is that of M/M/1, whose median is ln 2 ÷ (μ − λ)', () => {
  const { algorithms: found, highest, lowest } = rates('p50<20ms')
  const truth = 100 - Math.log(2) / 0.02
  for (const { kind, rate } of found) {
    expect(kind).toBe('found')
    expect(Math.abs((rate?.center ?? 0) / truth - 1)).toBeLessThan(0.05)
    expect(rate?.low).toBeLessThan(truth)
    expect(rate?.high).toBeGreaterThan(truth)
  }
  expect(highest).toBeCloseTo(98, 6)
  expect(lowest).toBeCloseTo(1.4, 6)
  expect(found[0]?.rate).toEqual(found[1]?.rate)
})

test('one slow backend: turns miss the objective at a lower rate than counts in flight', () => {
  const slow: SimulatedBackend = { ...backend, service: { kind: 'exponential', mean: 0.04 } }
  const { algorithms: found } = rates('p99<250ms', {
    backends: [backend, backend, slow],
    requests: 3000,
  })
  const [turns, counts] = found.map(({ rate }) => rate)
  expect(turns?.high).toBeLessThan(counts?.low ?? 0)
})

test('an objective that always holds, or never, has no edge', () => {
  const few = { requests: 400 }
  expect(rates('p99<1000s', few).algorithms.map(({ kind }) => kind)).toEqual(['holds', 'holds'])
  expect(rates('p99<1ms', few).algorithms.map(({ kind }) => kind)).toEqual(['misses', 'misses'])
})

test('a share of failed requests beyond the percentile is a miss: a full queue is not fast', () => {
  const { algorithms: found } = rates('p99<1s', {
    backends: [{ ...backend, queue: 1 }],
    requests: 1500,
  })
  expect(found[0]?.kind).toBe('found')
  // More than 1 % find server and place taken far below the capacity.
  expect(found[0]?.rate?.high).toBeLessThan(40)
})

test('recorded arrivals are brought closer together, others come at a higher rate', () => {
  const times = [0, 1, 3]
  expect(faster({ kind: 'trace', times }, 2)).toEqual({
    kind: 'trace',
    times: Float64Array.of(0, 0.5, 1.5),
  })
  expect(faster({ kind: 'constant', rate: 10 }, 1.5)).toEqual({ kind: 'constant', rate: 15 })
})
