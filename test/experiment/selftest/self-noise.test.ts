import { expect, test } from 'vitest'
import { selfNoise } from '../../../src/experiment/selftest/self-noise.ts'
import { seeded } from '../../../src/kit/random.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const plan = planOf([arm('A'), arm('B')])

/** Blocks of A and B; `ratio` says how many times A's rate B has in a block. */
function blocks(n: number, ratio: (block: number) => number, invalid: readonly number[] = []) {
  return Array.from({ length: n }, (_, block) => [
    measurement({ arm: 'A', block, ok: 10_000 }),
    measurement({
      arm: 'B',
      block,
      ok: Math.round(10_000 * ratio(block)),
      verdict: { valid: !invalid.includes(block) },
    }),
  ]).flat()
}
const throughput = (trials: ReturnType<typeof blocks>) =>
  selfNoise(plan, trials).find(({ metric }) => metric === 'throughput')

test('every 8 blocks make one comparison, and no two comparisons share a trial', () => {
  expect(throughput(blocks(16, () => 1))?.comparisons).toBe(2)
  expect(throughput(blocks(23, () => 1))?.comparisons).toBe(2)
  expect(throughput(blocks(24, () => 1, [3]))?.comparisons).toBe(2)
})

test('fewer than 8 blocks give no noise floor', () => {
  expect(
    selfNoise(
      plan,
      blocks(7, () => 1),
    ),
  ).toEqual([])
  expect(selfNoise(plan, [])).toEqual([])
})

test('the metrics are those of a real comparison', () => {
  expect(
    selfNoise(
      plan,
      blocks(8, () => 1),
    ).map(({ metric }) => metric),
  ).toEqual(['throughput', 'cpuPerRequest'])
})

test('a difference beyond the smallest margin is a false alarm, however steady', () => {
  // The first 8 blocks differ by 10 %, the others not at all.
  const found = throughput(blocks(16, (block) => (block < 8 ? 1.1 : 1)))
  expect(found).toMatchObject({
    comparisons: 2,
    falseAlarms: 1,
    maxFalseAlarms: 1,
    trustworthy: true,
  })
  const all = throughput(blocks(16, () => 1.1))
  expect(all).toMatchObject({ falseAlarms: 2, trustworthy: false })
})

test('a noisier host has a higher floor, and finds only larger changes', () => {
  const noise = (size: number) => {
    const random = seeded(1)
    return throughput(blocks(48, () => 1 + size * (random() - 0.5)))
  }
  const [quiet, noisy] = [noise(0.02), noise(0.2)]
  expect(noisy?.floor).toBeGreaterThan(5 * (quiet?.floor as number))
  expect(noisy?.findable).toBeGreaterThan(1.5 * (quiet?.findable as number))
  // Uniform over ± 1 %: an SD of 0.58 %, and of the estimate of 8 pairs 0.21 %. δ is 3 %, which 9 of 10 estimates exceed
  // where the change is larger by 1.28 · 0.21 % = 0.27 %.
  expect(quiet?.findable).toBeCloseTo(0.0328, 3)
  // δ of the noisy host is its floor, and a change has to lie beyond that.
  expect(noisy?.findable).toBeGreaterThan(noisy?.floor as number)
})
