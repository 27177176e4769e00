import { describe, expect, test } from 'vitest'
import { gaussian } from '../../../src/kit/gaussian.ts'
import { seeded } from '../../../src/kit/random.ts'
import { compare, type Pair } from '../../../src/stats/tests/comparison.ts'
import { findableEffect, pairsToFind } from '../../../src/stats/tests/findable-effect.ts'

/** Fraction of comparisons of n pairs that find a change. */
function foundShare(n: number, effect: number, { spread = 0, margin = 0.03 }) {
  const normal = gaussian(seeded(77))
  const tries = 2000
  const found = Array.from({ length: tries }, () => {
    const pairs = Array.from({ length: n }, (): Pair => {
      return [40, 40 * (1 + effect) * Math.exp(spread * normal())]
    })
    return compare(pairs, { better: 'less', margin }).outcome === 'worse'
  })
  return found.filter(Boolean).length / tries
}

describe('the smallest change that is found 9 times in 10', () => {
  test.for([
    [8, 0.05, 0.03],
    [8, 0.05, 0.07],
    [8, 0.005, 0.03],
    [8, 0.02, 0.2],
    [6, 0.04, 0.03],
    [12, 0.1, 0.09],
  ] as const)('by %i pairs of spread %f with δ %f', ([n, spread, margin]) => {
    const effect = findableEffect(n, { spread, margin })
    expect(effect).toBeGreaterThan(margin)
    // Three standard deviations of 2,000 comparisons are 2 %, and of the simulation 1.4 %.
    expect(Math.abs(foundShare(n, effect, { spread, margin }) - 0.9)).toBeLessThan(0.025)
  })
})

test('a change of the size of δ is found in half of the comparisons, so it is not findable', () => {
  expect(foundShare(8, 0.07, { spread: 0.05, margin: 0.07 })).toBeLessThan(0.6)
  expect(pairsToFind(0.03, { spread: 0.001, margin: 0.03 })).toBe(Number.POSITIVE_INFINITY)
})

test('so few pairs that nothing decides find nothing', () => {
  expect(findableEffect(5, { spread: 0.01, margin: 0.03 })).toBe(Number.POSITIVE_INFINITY)
})

test('the number of pairs and the change that they find belong together', () => {
  const options = { spread: 0.06, margin: 0.03 }
  const n = pairsToFind(0.08, options)
  expect(findableEffect(n, options)).toBeLessThanOrEqual(0.08)
  expect(findableEffect(n - 1, options)).toBeGreaterThan(0.08)
  expect(pairsToFind(0.05, { spread: 2, margin: 0.03 })).toBe(Number.POSITIVE_INFINITY)
})
