import { expect, test } from 'vitest'
import { seeded, seededInBlocks, shuffled } from '../../src/kit/random.ts'

test('the same seed yields the same numbers, another seed others', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, seeded(seed))
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
})

test('in blocks the numbers are the same', () => {
  const [one, other] = [seeded(11), seededInBlocks(11)]
  const draw = (random: () => number) => Array.from({ length: 200 }, random)
  expect(draw(other)).toEqual(draw(one))
})

test('numbers lie in [0, 1) and are uniform', () => {
  const random = seeded(1)
  const bins = new Array<number>(10).fill(0)
  for (let i = 0; i < 100_000; i++) {
    const bin = Math.floor(random() * 10)
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  // Each count is binomial(100 000, 1/10): five standard deviations are 474.
  for (const n of bins) expect(Math.abs(n - 10_000)).toBeLessThan(474)
})

test('neighbouring seeds do not yield neighbouring numbers', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => seeded(seed)())
  const mean = firsts.reduce((a, b) => a + b) / firsts.length
  // The mean of 1,000 uniform draws has a standard deviation of 0.0091: five of them.
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.046)
})

test('every order of a shuffle is equally likely', () => {
  const random = seeded(3)
  const seen = new Map<string, number>()
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(3, random).join('')
    seen.set(order, (seen.get(order) ?? 0) + 1)
  }
  expect(seen.size).toBe(6)
  // Each count is binomial(6,000, 1/6): five standard deviations are 144.
  for (const n of seen.values()) expect(Math.abs(n - 1000)).toBeLessThan(144)
})
