import { expect, test } from 'vitest'
import { arrivals } from '../../../src/driver/arrivals.ts'
import { divideLoad } from '../../../src/driver/fleet/divide-load.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { load, openLoad } from '../drive-load.ts'

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

/** The due times of a load's arrivals before `endMs`, with the load beginning at 0. */
function dueTimes({ arrivals: planned, seed }: Load, endMs: number): number[] {
  const next = arrivals(planned as NonNullable<Load['arrivals']>, 0, seeded(seed))
  const times: number[] = []
  for (let due = next(); due < endMs; due = next()) times.push(due)
  return times
}

test.for([
  [40, 3, [14, 13, 13]],
  [3, 3, [1, 1, 1]],
  [64, 5, [13, 13, 13, 13, 12]],
  [7, 1, [7]],
] as const)('%i connections of %i drivers are divided as evenly as possible', ([all, n, parts]) => {
  expect(divideLoad(load({ connections: all }), n).map((one) => one.connections)).toEqual(parts)
})

test('requests in flight are divided, and each driver may have one for each of its connections', () => {
  const parts = divideLoad(
    openLoad(100, {
      connections: 10,
      arrivals: { rate: 100, spacing: 'poisson', maxInFlight: 11 },
    }),
    4,
  )
  expect(parts.map(({ arrivals: one }) => one?.maxInFlight)).toEqual([3, 3, 3, 2])
  for (const { connections, arrivals: one } of parts) {
    expect(one?.maxInFlight).toBeGreaterThanOrEqual(connections)
  }
})

test('evenly spaced arrivals take turns: together they are those of one driver', () => {
  const whole = openLoad(300, { arrivals: { rate: 300, spacing: 'constant' } })
  const together = divideLoad(whole, 3)
    .flatMap((part) => dueTimes(part, 1000))
    .toSorted((a, b) => a - b)
  const alone = dueTimes(whole, 1000)
  expect(together).toHaveLength(alone.length)
  for (const [i, due] of together.entries()) expect(due).toBeCloseTo(alone[i] as number, 9)
})

test('Poisson arrivals are independent streams whose sum has the full rate and the variance of a Poisson process', () => {
  const seconds = 2000
  const whole = openLoad(60, { arrivals: { rate: 60, spacing: 'poisson' }, seed: 5 })
  const streams = divideLoad(whole, 3).map((part) => dueTimes(part, seconds * 1000))
  const counts = (times: readonly number[]) => {
    const perSecond = Array<number>(seconds).fill(0)
    for (const due of times) {
      const second = Math.floor(due / 1000)
      perSecond[second] = (perSecond[second] ?? 0) + 1
    }
    return perSecond
  }
  const perSecond = counts(streams.flat())
  const mean = sum(perSecond) / seconds
  const variance = sum(perSecond.map((count) => (count - mean) ** 2)) / (seconds - 1)
  // Standard deviations: √(60/2000) = 0.17 of the mean, √(2/2000) = 0.032 of variance over mean. Four of them.
  expect(Math.abs(mean - 60)).toBeLessThan(0.7)
  expect(Math.abs(variance / mean - 1)).toBeLessThan(0.13)
  const [a, b] = streams.map((times) => counts(times).map((count) => count - 20)) as [
    number[],
    number[],
  ]
  const covariance = sum(a.map((one, i) => one * (b[i] as number))) / seconds
  // Of independent counts of variance 20: a standard deviation of 20/√2000 = 0.45.
  expect(Math.abs(covariance)).toBeLessThan(1.8)
})

test('the same seed gives the same streams; one driver has the load itself', () => {
  const whole = openLoad(60, { arrivals: { rate: 60, spacing: 'poisson' }, seed: 5 })
  expect(divideLoad(whole, 3)).toEqual(divideLoad(whole, 3))
  expect(divideLoad(whole, 1)).toEqual([whole])
  expect(new Set(divideLoad(whole, 3).map(({ seed }) => seed)).size).toBe(3)
})

test('each driver knows its place among those that share visits', () => {
  const visits = { journeys: [], data: {}, driver: 0, drivers: 1 }
  const parts = divideLoad(openLoad(100, { visits }), 3)
  expect(parts.map((one) => one.visits)).toEqual(
    [0, 1, 2].map((driver) => ({ ...visits, driver, drivers: 3 })),
  )
})
