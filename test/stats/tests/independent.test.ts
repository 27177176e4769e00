import { expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { compareIndependent } from '../../../src/stats/tests/independent.ts'
import { gaussian } from '../gaussian.ts'

const less = { better: 'less', margin: 0.03 } as const
const base = [98, 99, 99.5, 100, 100.2, 101, 102, 103]

test('a shift of all trials is the ratio, with the interval of the rank-sum test', () => {
  const { ratio, method, outcome } = compareIndependent(
    base,
    base.map((value) => value * 1.1),
    less,
  )
  expect(ratio.center).toBeCloseTo(1.1, 10)
  expect(ratio.low).toBeGreaterThan(1)
  expect(ratio.high).toBeGreaterThan(1.1)
  expect({ method, outcome }).toEqual({ method: 'rank-sum', outcome: 'worse' })
})

test('better and worse follow the direction of the metric', () => {
  const more = { better: 'more', margin: 0.03 } as const
  const faster = base.map((value) => value * 1.1)
  expect(compareIndependent(base, faster, more).outcome).toBe('better')
  expect(compareIndependent(faster, base, more).outcome).toBe('worse')
})

test('three trials per side are too few, however far apart; the warning has the number needed', () => {
  const { outcome, ratio } = compareIndependent([1, 1.01, 1.02], [9, 9.1, 9.2], less)
  expect(outcome).toBe('too few trials')
  // 2 of the 20 ways to split six values in two are as extreme: p = 0.1.
  expect(ratio.confidence).toBeCloseTo(0.9, 10)
  expect(ratio.warnings).toEqual([
    { code: 'too-few-trials-per-side', values: { base: 3, head: 3, needed: 4, confidence: 0.95 } },
  ])
  expect(compareIndependent([1, 1.01, 1.02, 1], [9, 9.1, 9.2, 9.3], less).outcome).toBe('worse')
})

test('the interval contains the true ratio as often as its level', () => {
  const normal = gaussian(seeded(7))
  const sample = (center: number) =>
    Array.from({ length: 6 }, () => center * Math.exp(0.05 * normal()))
  const tries = 2000
  let held = 0
  for (let i = 0; i < tries; i++) {
    const { ratio } = compareIndependent(sample(100), sample(107), less)
    if (ratio.low <= 1.07 && 1.07 <= ratio.high) held++
  }
  // The exact level of 6 and 6 is 0.959; four standard deviations of 2,000 tries are 0.018.
  expect(held / tries).toBeGreaterThan(0.941)
  expect(held / tries).toBeLessThan(0.977)
})

test('values without a logarithm are an error', () => {
  expect(() => compareIndependent([1, 0], [1, 2], less)).toThrow(RangeError)
  expect(() => compareIndependent([1], [1, 2], less)).toThrow(RangeError)
})

test('samples without any spread can be compared', () => {
  expect(compareIndependent([5, 5, 5, 5], [5, 5, 5, 5], less)).toMatchObject({
    outcome: 'same',
    p: 1,
  })
  expect(compareIndependent([5, 5, 5, 5], [6, 6, 6, 6], less).outcome).toBe('worse')
})
