import FlatQueue from 'flatqueue'
import { expect, test } from 'vitest'
import { seeded } from '../../src/kit/random.ts'
import { arrivalStream } from '../../src/simulator/arrival-stream.ts'
import { EventQueue } from '../../src/simulator/event-queue.ts'
import { keyStream } from '../../src/simulator/key-stream.ts'
import type { Arrivals, Service } from '../../src/simulator/options.ts'
import { meanOf, scaledService, serviceDraw } from '../../src/simulator/service-draw.ts'
import { TimeHistogram } from '../../src/simulator/time-histogram.ts'

const all: readonly Arrivals[] = [
  { kind: 'constant', rate: 20 },
  { kind: 'poisson', rate: 20 },
  { kind: 'bursts', rate: 20, factor: 5, share: 0.2, seconds: 1 },
  { kind: 'sessions', rate: 20, requests: 5, pause: 0.5 },
]

test.for(all)('$kind arrivals come in order, at their rate', (arrivals) => {
  const stream = arrivalStream(arrivals, seeded(1))
  let last = 0
  let early = 0
  for (let i = 0; i < 50_000; i++) {
    const now = stream.next()
    if (now < last) early++
    last = now
  }
  expect(early).toBe(0)
  expect(Math.abs(50_000 / last / 20 - 1)).toBeLessThan(0.05)
})

test('a trace is replayed from its first request, with its keys, and then ends', () => {
  const stream = arrivalStream(
    { kind: 'trace', times: [5, 6, 8], keys: ['a', 'b', 'c'] },
    seeded(1),
  )
  expect([stream.next(), stream.key, stream.next(), stream.key]).toEqual([0, 'a', 1, 'b'])
  expect([stream.next(), stream.next()]).toEqual([3, Number.POSITIVE_INFINITY])
})

const services: readonly Service[] = [
  { kind: 'fixed', seconds: 2 },
  { kind: 'exponential', mean: 2 },
  { kind: 'lognormal', median: 2, sigma: 0.5 },
  { kind: 'hyperexponential', mean: 2, scv: 4 },
  { kind: 'empirical', seconds: [1, 2, 6], cumulative: [0.25, 0.5, 1] },
]

test.for(services)('$kind service times have their mean, also when scaled', (service) => {
  for (const one of [service, scaledService(service, 3)]) {
    const draw = serviceDraw(one)
    const dice = seeded(1)
    let sum = 0
    for (let i = 0; i < 50_000; i++) sum += draw(dice(), dice())
    expect(Math.abs(sum / 50_000 / meanOf(one) - 1)).toBeLessThan(0.04)
  }
})

test('a Zipf key is drawn in proportion to 1/k', () => {
  const next = keyStream({ count: 3, skew: 1 }, seeded(1))
  const counts = new Map<string, number>()
  for (let i = 0; i < 22_000; i++) {
    const key = next()
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const [first = 0, second = 0, third = 0] = [...counts.values()].toSorted((a, b) => b - a)
  expect(first / second).toBeCloseTo(2, 0)
  expect(first / third).toBeCloseTo(3, 0)
})

test('events come in order of time, also beyond the first capacity', () => {
  const queue = new EventQueue()
  const dice = seeded(1)
  for (let i = 0; i < 5000; i++) queue.add(dice(), i)
  const times = Array.from({ length: 5000 }, () => {
    const at = queue.next
    queue.take()
    return at
  })
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(queue.next).toBe(Number.POSITIVE_INFINITY)
})

test('events of one time come in the order of a binary heap', () => {
  const [queue, plain] = [new EventQueue(4), new FlatQueue<number>()]
  const dice = seeded(2)
  const taken = { queue: [] as number[], plain: [] as number[] }
  for (let i = 0; i < 3000; i++) {
    if (dice() < 0.6) {
      const at = Math.floor(dice() * 12)
      queue.add(at, i)
      plain.push(i, at)
    } else if (plain.length > 0) {
      taken.queue.push(queue.take())
      taken.plain.push(plain.pop() ?? -1)
    }
    expect(queue.first).toBe(plain.peek() ?? -1)
  }
  expect(taken.queue).toEqual(taken.plain)
})

test('quantiles are within half a percent', () => {
  const times = new TimeHistogram()
  for (let i = 1; i <= 10_000; i++) times.record(i / 1000)
  for (const p of [0.01, 0.5, 0.99, 0.999]) {
    expect(Math.abs(times.quantile(p) / (10 * p) - 1)).toBeLessThan(0.005)
  }
  const zeros = new TimeHistogram()
  zeros.record(0)
  expect(zeros.quantile(0.5)).toBe(0)
  zeros.add(times)
  expect(zeros.count).toBe(10_001)
})
