import { expect, test } from 'vitest'
import { seeded } from '../../src/kit/random.ts'
import { targetSeed } from '../../src/lab/target-seed.ts'

/** Correlation of the first numbers of two seeds, where one is `lag` numbers ahead. */
function correlation(one: number, other: number, lag: number): number {
  const count = 4000
  const [a, b] = [seeded(one), seeded(other)]
  for (let i = 0; i < lag; i++) b()
  let sum = 0
  for (let i = 0; i < count; i++) sum += (a() - 0.5) * (b() - 0.5)
  return (12 * sum) / count
}

test('random picks do not follow from arrivals or service times', () => {
  for (const seed of [1, 2, 0x7fffffff]) {
    // The driver, and the first two backends; a balancer with one request before the load, and with two workers.
    for (const other of [seed, seed + 2, seed + 4]) {
      for (const lag of [0, 1]) {
        for (const worker of [0, 1]) {
          // Four standard deviations of 4,000 pairs.
          const found = correlation(other, targetSeed(seed) + worker, lag)
          expect(Math.abs(found)).toBeLessThan(0.064)
        }
      }
    }
  }
})
