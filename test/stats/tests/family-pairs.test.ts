import { expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { compare, type Pair } from '../../../src/stats/tests/comparison.ts'
import { adjustFamily } from '../../../src/stats/tests/family.ts'
import { pairsForFamily } from '../../../src/stats/tests/family-pairs.ts'
import { gaussian } from '../gaussian.ts'

test('a family that is no larger needs no more pairs', () => {
  expect(pairsForFamily(2, { size: 2, pairs: 6 })).toBe(6)
  expect(pairsForFamily(1, { size: 2, pairs: 6 })).toBe(6)
  expect(pairsForFamily(0, { size: 0, pairs: 6 })).toBe(6)
})

test('a larger family needs more pairs, and fewer than twice as many', () => {
  for (const size of [3, 5, 9, 14, 29]) {
    const pairs = pairsForFamily(size, { size: 2, pairs: 6 })
    expect(pairs).toBeGreaterThan(6)
    expect(pairs).toBeLessThanOrEqual(12)
  }
})

/** How often the one arm that costs 1.5 times as much is found, with pairs that scatter by 25 %. */
function found(size: number, blocks: number, seed: number): number {
  const normal = gaussian(seeded(seed))
  const pairs = (ratio: number) =>
    Array.from({ length: blocks }, (): Pair => [1, ratio * Math.exp(0.25 * normal())])
  const tries = 200
  let times = 0
  for (let i = 0; i < tries; i++) {
    const family = Array.from({ length: size }, (_, j) =>
      compare(pairs(j === 0 ? 1.5 : 1), { better: 'less', margin: 0.03 }),
    )
    if (adjustFamily(family)[0]?.outcome === 'worse') times++
  }
  return times / tries
}

test.for([5, 14])(
  'one arm among %i others is found as often as one of three with six pairs',
  (size) => {
    const small = found(2, 6, 1)
    expect(found(size, pairsForFamily(size, { size: 2, pairs: 6 }), 2)).toBeGreaterThan(small - 0.1)
    expect(found(size, 6, 3)).toBeLessThan(small - 0.1)
  },
)
