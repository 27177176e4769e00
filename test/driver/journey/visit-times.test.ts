import { expect, test } from 'vitest'
import { type DriverPlace, visitTimes } from '../../../src/driver/journey/visit-times.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { LoadPlan, Stage } from '../../../src/plan/load/load-plan.ts'

const stages: readonly Stage[] = [
  { name: 'up', seconds: 10, model: 'open', from: 0, to: 100 },
  { name: 'users', seconds: 5, model: 'closed', from: 10, to: 10 },
  { name: 'hold', seconds: 10, model: 'open', from: 100, to: 100 },
  { name: 'down', seconds: 3, model: 'open', from: 100, to: 0 },
]

function all(spacing: LoadPlan['spacing'], place: DriverPlace = { driver: 0, drivers: 1 }) {
  const times = visitTimes({ stages, spacing }, place, seeded(7 + place.driver))
  const found: { dueMs: number; stage: number }[] = []
  while (times.dueMs < Number.POSITIVE_INFINITY) {
    found.push({ dueMs: times.dueMs, stage: times.stage })
    times.advance()
  }
  return found
}

const countsOf = (found: readonly { stage: number }[]) =>
  stages.map((_, i) => found.filter(({ stage }) => stage === i).length)

test.each(['constant', 'poisson'] as const)(
  '%s: each stage has as many visits as the integral of its rate',
  (spacing) => {
    const found = all(spacing)
    expect(countsOf(found)).toEqual([500, 0, 1000, 150])
    expect(found.map(({ dueMs }) => dueMs)).toEqual(
      found.map(({ dueMs }) => dueMs).toSorted((a, b) => a - b),
    )
    for (const { dueMs, stage } of found) {
      const [from, to] = [
        [0, 10],
        [10, 15],
        [15, 25],
        [25, 28],
      ][stage] as [number, number]
      expect(dueMs >= from * 1e3 && dueMs <= to * 1e3).toBe(true)
    }
  },
)

test.each(['constant', 'poisson'] as const)(
  '%s: a fleet has the visits of one driver',
  (spacing) => {
    const parts = [0, 1, 2].map((driver) => all(spacing, { driver, drivers: 3 }))
    expect(countsOf(parts.flat())).toEqual([500, 0, 1000, 150])
    for (const part of parts) expect(Math.abs(part.length - 550)).toBeLessThanOrEqual(3)
    if (spacing === 'constant') {
      const merged = parts
        .flat()
        .map(({ dueMs }) => dueMs)
        .toSorted((a, b) => a - b)
      expect(merged).toEqual(all(spacing).map(({ dueMs }) => dueMs))
    }
  },
)

test('random times follow the ramp: a quarter of its visits come in its first half', () => {
  const up = all('poisson').filter(({ stage }) => stage === 0)
  const early = up.filter(({ dueMs }) => dueMs < 5000).length
  // Four standard deviations of a binomial of 500 draws.
  expect(Math.abs(early - 125)).toBeLessThan(4 * Math.sqrt(500 * 0.25 * 0.75))
})

test('random gaps of a hold are exponential: the fraction above the mean is 1/e', () => {
  const hold = all('poisson').filter(({ stage }) => stage === 2)
  const long = hold.filter(({ dueMs }, i) => i > 0 && dueMs - (hold[i - 1]?.dueMs ?? 0) > 10).length
  expect(Math.abs(long / hold.length - Math.exp(-1))).toBeLessThan(0.06)
})
