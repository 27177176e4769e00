import { expect, test } from 'vitest'
import { scaledWorld } from '../../src/choose/scaled-world.ts'
import type { SimulatedBackend, World } from '../../src/simulator/options.ts'
import { meanOf } from '../../src/simulator/service-draw.ts'
import { stabilityOf } from '../../src/simulator/stability.ts'

const backend = (mean: number, differs: Partial<SimulatedBackend> = {}): SimulatedBackend => ({
  ...{ weight: 1, service: { kind: 'exponential', mean }, servers: 2 },
  ...differs,
})

function world(backends: readonly SimulatedBackend[], rate: number): World {
  return {
    backends,
    arrivals: { kind: 'poisson', rate },
    clients: { timeout: 10 },
    requests: 1000,
  }
}

const equal = (count: number, mean: number) => Array<SimulatedBackend>(count).fill(backend(mean))

test('a world that the host can run stays as it is', () => {
  const own = world(equal(4, 0.01), 400)
  const { world: found, scale } = scaledWorld(own, 2)
  expect(found).toMatchObject({ backends: own.backends, arrivals: own.arrivals })
  expect(scale).toEqual({
    ...{ backends: 4, ofBackends: 4, time: 1, rate: 400, ofRate: 400, differences: [] },
  })
})

test('of many backends each kind is there in proportion, one or more, at the same load', () => {
  const [fast, slow] = [backend(0.01), backend(0.04)]
  const own = world([...Array<SimulatedBackend>(97).fill(fast), slow, slow, slow], 10_000)
  const { world: found, scale } = scaledWorld(own, 2)
  const means = found.backends.map(({ service }) => meanOf(service) / scale.time)
  expect(means.map((mean) => mean.toFixed(3))).toEqual([...Array(7).fill('0.010'), '0.040'])
  expect(new Set(found.backends).size).toBe(2)
  expect(stabilityOf(found).load).toBeCloseTo(stabilityOf(own).load, 2)
  expect(scale).toMatchObject({ backends: 8, ofBackends: 100, ofRate: 10_000 })
})

test('eight kinds and more: one backend of each of the largest', () => {
  const kinds = Array.from({ length: 20 }, (_, i) => backend(0.01 + i / 1000))
  expect(scaledWorld(world(kinds, 500), 2).world.backends).toHaveLength(8)
})

test('more requests than the host can carry: all times are stretched together', () => {
  const own = world(equal(4, 0.001), 6000)
  const { world: found, scale } = scaledWorld(own, 2)
  expect(scale).toMatchObject({ time: 10, rate: 600 })
  expect(found.clients.timeout).toBe(100)
  expect(stabilityOf(found).load).toBeCloseTo(0.75, 2)
})

test('service times are never so short that sockets would be longer, and few requests are hurried', () => {
  const { scale } = scaledWorld(world(equal(4, 0.001), 600), 2)
  expect(scale).toMatchObject({ time: 5, rate: 120 })
  const seldom = scaledWorld(world(equal(4, 0.4), 5), 2)
  expect(seldom.scale).toMatchObject({ rate: 400 })
  expect(seldom.scale.time).toBeCloseTo(0.0125, 6)
})

test('backends without a limit keep their rate for each backend', () => {
  const unlimited = Array<SimulatedBackend>(16).fill(backend(0.01, { servers: 0 }))
  const { scale } = scaledWorld(world(unlimited, 800), 2)
  expect(scale).toMatchObject({ backends: 8, rate: 400, time: 1 })
})

test('parts that mock backends and drivers lack are replaced, and named', () => {
  const service = { kind: 'hyperexponential', mean: 0.01, scv: 4 } as const
  const own: World = {
    ...world(Array<SimulatedBackend>(4).fill(backend(1, { service, queue: 3 })), 500),
    arrivals: { kind: 'trace', times: Array.from({ length: 501 }, (_, i) => i / 500) },
  }
  const { world: found, scale } = scaledWorld(own, 2)
  expect(scale.differences).toEqual(['arrivals', 'service times', 'queue limits'])
  expect(found.arrivals).toEqual({ kind: 'poisson', rate: 500 })
  const [first] = found.backends
  expect(first).not.toHaveProperty('queue')
  expect(first?.service).toMatchObject({
    kind: 'lognormal',
    sigma: expect.closeTo(Math.sqrt(Math.log(5)), 10),
  })
  expect(meanOf(first?.service ?? service)).toBeCloseTo(0.01, 10)
})

test('a measured histogram keeps its mean and variance', () => {
  const service = { kind: 'empirical', seconds: [0.01, 0.03], cumulative: [0.5, 1] } as const
  const four = Array<SimulatedBackend>(4).fill(backend(1, { service }))
  const { world: found } = scaledWorld(world(four, 300), 2)
  expect(found.backends[0]?.service).toMatchObject({
    kind: 'lognormal',
    sigma: expect.closeTo(Math.sqrt(Math.log(1.25)), 6),
  })
})
