import { expect, test } from 'vitest'
import { algorithms } from '../../src/algorithms/index.ts'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { random } from '../../src/algorithms/random.ts'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import type { SimulatedAlgorithm, World } from '../../src/simulator/options.ts'
import { rank } from '../../src/simulator/ranking.ts'
import { replicate, simulate } from '../../src/simulator/simulate.ts'

const named = (algorithm: SimulatedAlgorithm['algorithm']): SimulatedAlgorithm => ({
  name: algorithm.name,
  algorithm,
})

function world(changes: Partial<World> = {}): World {
  return {
    backends: Array.from({ length: 4 }, () => ({
      weight: 1,
      service: { kind: 'exponential', mean: 1 },
      servers: 1,
    })),
    arrivals: { kind: 'poisson', rate: 2.8 },
    clients: { timeout: 1e6 },
    requests: 4000,
    ...changes,
  }
}

test('the same seed gives the same result, another seed another', () => {
  const few = world({ requests: 300 })
  const options = { world: few, algorithms: algorithms.map(named), replications: 2 }
  const text = (seed: number) => JSON.stringify(simulate({ ...options, seed }))
  expect(text(1)).toBe(text(1))
  expect(text(1)).not.toBe(text(2))
})

test('all algorithms meet the same requests: one that is alone has no choice', () => {
  const [backend] = world().backends as [World['backends'][number]]
  const alone = world({
    backends: [backend],
    arrivals: { kind: 'poisson', rate: 0.7 },
    requests: 800,
  })
  const { algorithms: results } = simulate({
    world: alone,
    algorithms: algorithms.map(named),
    replications: 2,
    seed: 3,
  })
  expect(new Set(results.map(({ metrics }) => metrics?.mean.center)).size).toBe(1)
})

test('Little’s law holds exactly: the area under the number in the system is the sum of the times', () => {
  for (const algorithm of algorithms) {
    const { area, timeInSystem } = replicate(world(), named(algorithm), 5)
    expect(area / timeInSystem).toBeCloseTo(1, 10)
  }
})

test('more knowledge, shorter times: least connections before round robin before random', () => {
  const simulation = simulate({
    world: world(),
    algorithms: [random, leastConnections, roundRobin].map(named),
    replications: 8,
    seed: 1,
  })
  const ranking = rank(simulation, 'mean')
  expect(ranking?.best).toBe('least-connections')
  expect(ranking?.asGood).toEqual(['least-connections'])
  expect(ranking?.others.map(({ name }) => name)).toEqual(['round-robin', 'random'])
})

test('one server: any algorithm will do', () => {
  const [backend] = world().backends as [World['backends'][number]]
  const simulation = simulate({
    world: world({ backends: [backend], arrivals: { kind: 'poisson', rate: 0.5 } }),
    algorithms: [random, roundRobin].map(named),
    replications: 6,
    seed: 1,
  })
  expect(rank(simulation, 'p99')?.asGood).toEqual(['random', 'round-robin'])
})
