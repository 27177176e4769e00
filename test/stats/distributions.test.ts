import { describe, expect, test } from 'vitest'
import { incompleteBeta } from '../../src/stats/distributions/beta.ts'
import { binomialQuantile, binomialUpTo } from '../../src/stats/distributions/binomial.ts'
import { logGamma, upperGamma } from '../../src/stats/distributions/gamma.ts'
import { normalAbove, normalQuantile } from '../../src/stats/distributions/normal.ts'
import { studentAbove, studentQuantile } from '../../src/stats/distributions/student-t.ts'
import { clopperPearson } from '../../src/stats/estimates/proportion.ts'
import { root } from '../../src/stats/numeric/root.ts'
import { expectClose } from './close.ts'

test('ln Γ is that of the factorials', () => {
  expectClose(Math.exp(logGamma(11)), 3_628_800, 1e-12)
  expectClose(Math.exp(logGamma(0.5)), Math.sqrt(Math.PI), 1e-12)
  expectClose(Math.exp(logGamma(0.1)), 9.51350769866873, 1e-12)
  expectClose(logGamma(1e6), 12_815_504.569147611, 1e-12)
})

test('the incomplete gamma function is 1 less an exponential where it has to be', () => {
  for (const x of [1e-6, 0.5, 1, 2, 10, 100]) expectClose(upperGamma(1, x), Math.exp(-x), 1e-11)
  expect(upperGamma(3, 0)).toBe(1)
})

test('the incomplete beta function is a polynomial where it has to be', () => {
  for (const x of [1e-9, 0.1, 0.5, 0.9]) {
    expectClose(incompleteBeta(x, 2, 1), x ** 2, 1e-12)
    expectClose(incompleteBeta(x, 1, 3), 1 - (1 - x) ** 3, 1e-7)
  }
  expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1])
})

describe('the normal distribution', () => {
  test.for([
    [0, 0.5],
    [1.959963984540054, 0.025],
    [-1.959963984540054, 0.975],
    [6, 9.865876450376946e-10],
    [30, 4.906713927148187e-198],
  ] as const)('above %f lies %f', ([z, p]) => expectClose(normalAbove(z), p, 1e-11))

  test('its quantiles are known', () => {
    expectClose(normalQuantile(0.975), 1.959963984540054, 1e-13)
    expectClose(normalQuantile(1e-10), -6.361340902404056, 1e-12)
    expect(normalQuantile(0.5)).toBe(0)
  })
})

describe('Student’s distribution', () => {
  // R: qt(0.975, df).
  test.for([
    [1, 12.7062047361747],
    [2, 4.30265272974946],
    [9, 2.2621571627982],
    [17.756567106962, 2.10298849250356],
    [1000, 1.96233908082641],
  ] as const)('97.5 %% with %f degrees of freedom lie below %f', ([df, t]) => {
    expectClose(studentQuantile(0.975, df), t, 1e-10)
    expectClose(studentQuantile(0.025, df), -t, 1e-10)
    expectClose(studentAbove(t, df), 0.025, 1e-10)
  })

  test('is Cauchy’s with one degree of freedom, far out too', () => {
    expectClose(studentAbove(1e8, 1), 1 / (Math.PI * 1e8), 1e-11)
    expectClose(studentQuantile(1 - 1e-6, 1), 318_309.886182747, 1e-9)
    expect(studentQuantile(0.5, 3)).toBe(0)
  })
})

test('binomial probabilities are those that can be counted', () => {
  expectClose(binomialUpTo(1, 3, 0.5), 0.5, 1e-14)
  expectClose(binomialUpTo(0, 10, 0.1), 0.9 ** 10, 1e-12)
  expect([binomialUpTo(-1, 3, 0.5), binomialUpTo(3, 3, 0.5)]).toEqual([0, 1])
  expect([0.1, 0.125, 0.2, 0.5, 0.9].map((p) => binomialQuantile(p, 3, 0.5))).toEqual([
    0, 0, 1, 1, 3,
  ])
})

test('the interval of a proportion is the published one', () => {
  // Newcombe, Statistics in Medicine 17, 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  const rounded = ({ low, high }: { low: number; high: number }) => [
    low.toFixed(4),
    high.toFixed(4),
  ]
  expect(rounded(clopperPearson(81, 263))).toEqual(['0.2527', '0.3676'])
  expect(rounded(clopperPearson(15, 148))).toEqual(['0.0578', '0.1617'])
  expect(rounded(clopperPearson(0, 20))).toEqual(['0.0000', '0.1684'])
  expect(rounded(clopperPearson(20, 20))).toEqual(['0.8316', '1.0000'])
})

test('a root is found to the last bits, wherever the bracket starts', () => {
  expectClose(
    root((x) => x * x - 2, 0, 1e6),
    Math.SQRT2,
    1e-15,
  )
  expectClose(
    root((x) => Math.exp(-x) - 1e-12, 0, 1000),
    12 * Math.LN10,
    1e-15,
  )
  expect(root((x) => x - 3, 3, 9)).toBe(3)
  expect(root((x) => x - 9, 3, 9)).toBe(9)
  expect(() => root((x) => x * x + 1, -1, 1)).toThrow(RangeError)
})
