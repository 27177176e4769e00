import { expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { compare, type Pair } from '../../../src/stats/tests/comparison.ts'
import { adjustFamily } from '../../../src/stats/tests/family.ts'
import { compareIndependent } from '../../../src/stats/tests/independent.ts'
import { gaussian } from '../gaussian.ts'

const more = { better: 'more', margin: 0.03 } as const

/** n pairs around a ratio, whose log-ratios have this standard deviation. */
function pairsAround(ratio: number, n: number, spread: number, normal: () => number): Pair[] {
  return Array.from({ length: n }, (): Pair => [500, 500 * ratio * Math.exp(spread * normal())])
}

const outcomes = (family: ReturnType<typeof adjustFamily>) => family.map(({ outcome }) => outcome)

test.each([
  [7, 8],
  [14, 8],
  [14, 9],
  [14, 10],
  [30, 8],
])('%i comparisons of %i blocks find arms that lie far apart', (size, blocks) => {
  const normal = gaussian(seeded(5))
  const family = Array.from({ length: size }, () =>
    compare(pairsAround(1.4, blocks, 0.02, normal), more),
  )
  expect(outcomes(adjustFamily(family))).toEqual(Array(size).fill('better'))
})

test('one arm of fifteen that costs half as much again is found in eight blocks', () => {
  const normal = gaussian(seeded(8))
  const less = { better: 'less', margin: 0.03 } as const
  const family = Array.from({ length: 14 }, (_, i) =>
    compare(pairsAround(i === 9 ? 1.5 : 1, 8, 0.06, normal), less),
  )
  const found = outcomes(adjustFamily(family))
  expect(found[9]).toBe('worse')
  expect(found.filter((outcome) => outcome === 'worse' || outcome === 'better')).toHaveLength(1)
})

test('the rank test stays where it can decide for the whole family', () => {
  const normal = gaussian(seeded(3))
  const two = Array.from({ length: 2 }, () => compare(pairsAround(1.4, 10, 0.02, normal), more))
  // The minimum p of 10 pairs is 2/1,024; Holm's method doubles it.
  expect(adjustFamily(two)[0]?.p).toBeCloseTo(4 / 1024, 12)
})

test('a family of comparisons between two runs decides as well', () => {
  const normal = gaussian(seeded(4))
  const side = (center: number) =>
    Array.from({ length: 4 }, () => center * Math.exp(0.01 * normal()))
  const family = Array.from({ length: 6 }, () => compareIndependent(side(100), side(150), more))
  expect(outcomes(adjustFamily(family))).toEqual(Array(6).fill('better'))
})

test('a family of equal arms seldom raises an alarm, whatever its size', () => {
  const normal = gaussian(seeded(11))
  const tries = 300
  let alarms = 0
  for (let i = 0; i < tries; i++) {
    const family = Array.from({ length: 14 }, () => compare(pairsAround(1, 8, 0.05, normal), more))
    if (outcomes(adjustFamily(family)).some((one) => one === 'better' || one === 'worse')) alarms++
  }
  // Nominal 5 %; three standard deviations of 300 tries are 3.8 %.
  expect(alarms / tries).toBeLessThan(0.088)
})
