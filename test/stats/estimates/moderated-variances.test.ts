import { expect, test } from 'vitest'
import { gaussian } from '../../../src/kit/gaussian.ts'
import { seeded } from '../../../src/kit/random.ts'
import { digamma, inverseTrigamma, trigamma } from '../../../src/stats/distributions/polygamma.ts'
import { moderatedVariances } from '../../../src/stats/estimates/moderated-variances.ts'

test('digamma and trigamma at the arguments whose values are known', () => {
  const euler = 0.577_215_664_901_532_9
  expect(digamma(1)).toBeCloseTo(-euler, 12)
  expect(digamma(0.5)).toBeCloseTo(-euler - 2 * Math.LN2, 12)
  expect(digamma(12)).toBeCloseTo(2.442_661_679_975_812, 12)
  expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 12)
  expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 12)
  for (const x of [0.01, 0.3, 2, 50, 1e5]) {
    expect(inverseTrigamma(trigamma(x)) / x).toBeCloseTo(1, 9)
  }
})

const df = 5

/** Estimates of variances that grow with the size, and follow a scaled inverse χ² distribution, or all lie on the line. */
function simulated(seed: number, { priorDf, count = 200 }: { priorDf: number; count?: number }) {
  const normal = gaussian(seeded(seed))
  const chiSquared = (n: number) =>
    Array.from({ length: n }, normal).reduce((sum, z) => sum + z ** 2, 0)
  return Array.from({ length: count }, (_, i) => {
    const size = 1 + i / 10
    const variance = Number.isFinite(priorDf) ? (size * priorDf) / chiSquared(priorDf) : size
    return { size, truth: variance, variance: (variance * chiSquared(df)) / df }
  })
}

/** Mean squared error of the logarithm. */
const errorOf = (variances: readonly number[], truths: readonly { truth: number }[]) =>
  variances.reduce((sum, one, i) => sum + Math.log(one / (truths[i]?.truth ?? 1)) ** 2, 0) /
  variances.length

test('moderated variances are nearer to the true ones, with the degrees of freedom of their distribution', () => {
  const found = Array.from({ length: 20 }, (_, seed) => {
    const measured = simulated(seed, { priorDf: 6 })
    const own = measured.map(({ variance }) => variance)
    const moderated = moderatedVariances(measured, df)
    expect(errorOf(moderated.variances, measured)).toBeLessThan(0.7 * errorOf(own, measured))
    return moderated.df - df
  })
  const middle = found.toSorted((a, b) => a - b)[10] ?? 0
  expect(middle).toBeGreaterThan(4)
  expect(middle).toBeLessThan(9)
})

test('where all variances follow the size, they are on the line, with the degrees of freedom of all together', () => {
  const measured = simulated(1, { priorDf: Number.POSITIVE_INFINITY })
  const { variances, df: all } = moderatedVariances(measured, df)
  expect(all).toBeGreaterThan(50)
  expect(all).toBeLessThanOrEqual(200 * df)
  for (const [i, { truth }] of measured.entries()) {
    expect(Math.abs(Math.log((variances[i] ?? 0) / truth))).toBeLessThan(0.4)
  }
})

test('fewer than 10 quantities keep their own variances', () => {
  const measured = simulated(1, { priorDf: 6, count: 9 })
  const own = measured.map(({ variance }) => variance)
  expect(moderatedVariances(measured, df)).toEqual({ variances: own, df })
})

test('a variance of 0 is drawn away from it', () => {
  const measured = simulated(3, { priorDf: 6 }).with(7, { size: 1, truth: 1, variance: 0 })
  expect(moderatedVariances(measured, df).variances[7]).toBeGreaterThan(0.1)
})
