import { expect, test } from 'vitest'
import { serviceTimes } from '../../src/backend/service-time.ts'
import { seeded } from '../../src/kit/random.ts'
import type { ServiceTime } from '../../src/plan/plan.ts'

/** `count` draws, sorted. */
function draws(time: ServiceTime, count = 40_000, seed = 1): number[] {
  const draw = serviceTimes(time, seeded(seed))
  return Array.from({ length: count }, draw).sort((a, b) => a - b)
}
const mean = (sorted: readonly number[]) => sorted.reduce((a, b) => a + b) / sorted.length
const quantile = (sorted: readonly number[], p: number) =>
  sorted[Math.floor(sorted.length * p)] as number

test('none takes no time, fixed always the same', () => {
  expect(draws({ kind: 'none' }, 3)).toEqual([0, 0, 0])
  expect(draws({ kind: 'fixed', seconds: 0.02 }, 3)).toEqual([0.02, 0.02, 0.02])
})

test('exponential times have the configured mean, and their p90 at ln 10 means', () => {
  const times = draws({ kind: 'exponential', mean: 0.005 })
  // The mean of n draws has a standard deviation of mean/√n: 0.5 %; four of them are 2 %.
  expect(Math.abs(mean(times) / 0.005 - 1)).toBeLessThan(0.02)
  // p90 has √(0.1 · 0.9 / n) / (0.1 · ln 10) = 0.65 %: four are 2.6 %.
  expect(Math.abs(quantile(times, 0.9) / (0.005 * Math.log(10)) - 1)).toBeLessThan(0.026)
})

test('lognormal times have the configured median, and their logarithm the configured sigma', () => {
  const times = draws({ kind: 'lognormal', median: 0.01, sigma: 0.5 })
  // Of the median √(π/2) · σ/√n = 0.31 %: four are 1.3 %.
  expect(Math.abs(quantile(times, 0.5) / 0.01 - 1)).toBeLessThan(0.013)
  const logs = times.map((time) => Math.log(time / 0.01))
  const deviation = Math.sqrt(mean(logs.map((log) => log * log)))
  // Of the deviation σ/√(2n): 0.35 %; four are 1.4 %.
  expect(Math.abs(deviation / 0.5 - 1)).toBeLessThan(0.014)
})

test('the same seed gives the same times, another seed different ones', () => {
  const time = { kind: 'exponential', mean: 1 } as const
  expect(draws(time, 10, 7)).toEqual(draws(time, 10, 7))
  expect(draws(time, 10, 8)).not.toEqual(draws(time, 10, 7))
})
