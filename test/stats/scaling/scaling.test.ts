import { describe, expect, test } from 'vitest'
import { gaussian } from '../../../src/kit/gaussian.ts'
import { seeded } from '../../../src/kit/random.ts'
import { projection } from '../../../src/stats/scaling/projection.ts'
import { scaling, scalingRows } from '../../../src/stats/scaling/scaling.ts'
import {
  fitUsl,
  fitUslUnbounded,
  quadraticTransform,
  type Usl,
  uslRate,
} from '../../../src/stats/scaling/usl.ts'
import { cases } from '../cases.ts'
import { expectClose } from '../close.ts'

type Two = readonly [number, number]
type Three<Value> = Readonly<Record<keyof Usl, Value>>

interface Case {
  readonly id: string
  readonly N: readonly number[]
  readonly X: readonly number[]
  readonly fit: Usl & {
    rss: number
    df: number
    rse: number
    rel_tol: number
    abs_tol_when_zero: number
  }
  readonly se_delta: Usl
  readonly ci95_delta_t: Three<Two>
  readonly ci95_profile_constrained: Three<Two>
  readonly unconstrained_fit: Usl & { rss: number }
  readonly fit_lambda_fixed_to_X1: Usl & { rss: number }
  readonly amdahl_fit_kappa0: Usl & { rss: number }
  readonly gcap2007_quadratic_transform?: { sigma: number; kappa: number }
  readonly peak: { N: number | null; X: number | null }
  readonly amdahl_limit: number
  readonly published: {
    predict?: readonly number[]
    efficiency?: readonly number[]
  } | null
}

const file = cases<{
  cases: readonly Case[]
  synthetic_exact: readonly (Usl & Pick<Case, 'N' | 'X'>)[]
  karp_flatt: { documented_scaling: readonly { p: number; S: number; e: number }[] }
}>('scaling.json')

const names = ['lambda', 'sigma', 'kappa'] as const

function pointsOf({ N, X }: Pick<Case, 'N' | 'X'>) {
  return N.map((n, i) => ({ n, rate: X[i] as number }))
}

describe.for(file.cases)('$id', (right) => {
  const points = pointsOf(right)
  const found = scaling(points)
  /** 1e-4 relative, 1e-6 absolute where the right answer is 0. */
  const near = (value: number | undefined, truth: number) => {
    if (truth === 0) expect(Math.abs(value ?? Number.NaN)).toBeLessThanOrEqual(1e-6)
    else expectClose(value ?? Number.NaN, truth, right.fit.rel_tol)
  }

  test('bounded fit', () => {
    for (const name of names) near(found?.parameters[name], right.fit[name])
    near(found?.parameters.rss, right.fit.rss)
    expect(found?.intervals?.df).toBe(right.fit.df)
    near(found?.intervals?.residualError, right.fit.rse)
  })

  test('standard errors and both intervals', () => {
    for (const name of names) {
      near(found?.intervals?.standardErrors[name], right.se_delta[name])
      const { delta, profile } = found?.intervals ?? {}
      near(delta?.[name].low, right.ci95_delta_t[name][0])
      near(delta?.[name].high, right.ci95_delta_t[name][1])
      near(profile?.[name].low, right.ci95_profile_constrained[name][0])
      near(profile?.[name].high, right.ci95_profile_constrained[name][1])
    }
  })

  test('fits with fewer, and with more, free parameters', () => {
    const fits = [
      [fitUslUnbounded(points), right.unconstrained_fit],
      [fitUsl(points, { lambda: right.X[0] as number }), right.fit_lambda_fixed_to_X1],
      [fitUsl(points, { kappa: 0 }), right.amdahl_fit_kappa0],
    ] as const
    for (const [fit, truth] of fits) {
      for (const name of [...names, 'rss'] as const) near(fit[name], truth[name])
    }
  })

  test('peak and limit', () => {
    if (right.peak.N === null) expect(found?.peak).toBeUndefined()
    else {
      near(found?.peak?.n, right.peak.N)
      near(found?.peak?.rate, right.peak.X ?? Number.NaN)
    }
    near(found?.limit, right.amdahl_limit)
  })
})

const transformed = file.cases.filter((one) => one.gcap2007_quadratic_transform !== undefined)

test.for(transformed)('$id: quadratic transform', (right) => {
  const found = quadraticTransform(pointsOf(right))
  const truth = right.gcap2007_quadratic_transform
  expectClose(found?.sigma ?? 0, truth?.sigma ?? Number.NaN)
  expectClose(found?.kappa ?? 0, truth?.kappa ?? Number.NaN)
})

test.for(file.cases.filter((one) => one.published?.predict))('$id: as published', (right) => {
  const fit = fitUsl(pointsOf(right))
  pointsOf(right).forEach(({ n, rate }, i) => {
    expect(Math.round(uslRate(fit, n))).toBe(right.published?.predict?.[i])
    // Published to four digits.
    expectClose(rate / n / fit.lambda, right.published?.efficiency?.[i] as number, 1e-3)
  })
})

test.for(file.synthetic_exact)('recovers λ $lambda, σ $sigma, κ $kappa', (right) => {
  const fit = fitUsl(pointsOf(right))
  for (const name of names) {
    if (right[name] === 0) expect(Math.abs(fit[name])).toBeLessThanOrEqual(1e-8)
    else expectClose(fit[name], right[name], 1e-6)
  }
})

test('points exactly on the law give intervals of width 0, without a warning', () => {
  const [exact] = file.synthetic_exact
  const found = scaling(pointsOf(exact ?? { N: [], X: [] }))
  expect(found?.warnings).toEqual([])
  expectClose(found?.intervals?.profile.sigma.high ?? 0, 0.05, 1e-6)
})

describe('the number of core counts', () => {
  const usl = { lambda: 1000, sigma: 0.05, kappa: 0.002 }
  const on = (...counts: number[]) =>
    counts.map((n) => ({ n, rate: uslRate(usl, n) * (1 + 0.002 * (n % 3)) }))

  test('two give no fit, and repeated ones count once', () => {
    expect(scaling(on(1, 2))).toBeUndefined()
    expect(scaling(on(1, 1, 2, 2))).toBeUndefined()
  })

  test('three give an exact curve without intervals and without a peak', () => {
    const found = scaling(on(1, 2, 4))
    expect(found).toMatchObject({ standing: 'exact', intervals: undefined, peak: undefined })
    expect(found?.parameters.rss).toBeLessThan(1e-9)
  })

  test('four and five are provisional, six are published', () => {
    const four = scaling(on(1, 2, 4, 8))
    expect(four?.standing).toBe('provisional')
    // There is evidence of a peak, but it lies beyond what was measured.
    expect(four?.intervals?.profile.kappa.low).toBeGreaterThan(0)
    expect(four?.peak).toBeUndefined()
    expect(scaling(on(1, 2, 4, 8, 12))?.warnings[0]?.code).toBe('fit-provisional')
    const six = scaling(on(1, 2, 4, 8, 16, 32))
    expect(six).toMatchObject({ standing: 'published', boundary: [], warnings: [] })
    expect(six?.peak?.n).toBeCloseTo(Math.sqrt(0.95 / 0.002), 0)
  })
})

test('superlinear scaling is a warning that names the bound', () => {
  const found = scaling(pointsOf({ N: [1, 2, 4, 8, 16, 32], X: [100, 210, 440, 900, 1850, 3800] }))
  expect(found?.boundary).toEqual(['sigma', 'kappa'])
  expect(found?.limit).toBeUndefined()
  expect(found?.warnings).toMatchObject([
    { code: 'superlinear', values: { sigma: expect.any(Number) } },
    { code: 'fit-on-bound', values: { parameter: 'sigma', bound: 0 } },
    { code: 'fit-on-bound', values: { parameter: 'kappa', bound: 0 } },
  ])
})

test('speed-up, efficiency and the serial share of each row', () => {
  const documented = file.cases.find(({ id }) => id === 'documented_scaling')
  const rows = scalingRows(pointsOf(documented ?? { N: [], X: [] })) ?? []
  for (const { p, S, e } of file.karp_flatt.documented_scaling) {
    const row = rows.find(({ n }) => n === p)
    expectClose(row?.speedup ?? 0, S)
    expectClose(row?.efficiency ?? 0, S / p)
    expectClose(row?.serialShare ?? 0, e)
  }
  expect(rows[0]).toMatchObject({ speedup: 1, efficiency: 1, serialShare: undefined })
  expect(scalingRows([{ n: 2, rate: 5 }])).toBeUndefined()
})

describe('projection', () => {
  const cost = { center: 100e-6, low: 90e-6, high: 120e-6 }

  test('CPU per request bounds the rate from above, and its interval gives that of the bound', () => {
    const { atMost, atLeast } = projection(cost, 8)
    expectClose(atMost.center, 80_000)
    expectClose(atMost.low, 8 / 120e-6)
    expectClose(atMost.high, 8 / 90e-6)
    expect(atLeast).toBeUndefined()
  })

  test('a lower bound needs contention that was measured on 3 core counts', () => {
    expect(projection(cost, 8, { high: 0.1, coreCounts: 2 }).atLeast).toBeUndefined()
    expectClose(projection(cost, 8, { high: 0.1, coreCounts: 3 }).atLeast ?? 0, 8 / 120e-6 / 1.7)
  })

  test('a cost whose interval includes 0 gives no bound', () => {
    expect(projection({ center: 1e-4, low: 0, high: 2e-4 }, 8).atMost.high).toBe(
      Number.POSITIVE_INFINITY,
    )
  })
})

test('points without a positive rate are an error', () => {
  for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const points = [1, 2, 4].map((n) => ({ n, rate: n === 2 ? rate : 100 * n }))
    expect(() => scaling(points)).toThrow(`rates above 0, not ${rate} of 2 cores`)
  }
})

describe('growth faster than the cores', () => {
  const codes = (points: Parameters<typeof scaling>[0]) =>
    scaling(points)?.warnings.map(({ code }) => code) ?? []
  const rows = (rates: readonly number[], error?: number) =>
    rates.map((rate, i) => ({
      n: 2 ** i,
      rate,
      ...(error !== undefined && {
        interval: { low: rate * (1 - error), high: rate * (1 + error) },
      }),
    }))

  test('is not claimed where each doubling gives less than double, whatever the fit without bounds', () => {
    expect(codes(rows([5000, 9800, 18_300, 34_100]))).not.toContain('superlinear')
    expect(codes(rows([5000, 9800, 18_300, 34_100], 0.01))).not.toContain('superlinear')
  })

  test('is not claimed within the error of rows that are linear', () => {
    expect(codes(rows([1000, 1992, 3981, 8011]))).not.toContain('superlinear')
    expect(codes(rows([1000, 2030, 4100, 8300], 0.05))).not.toContain('superlinear')
  })

  test('is named with its rows where their intervals exclude less', () => {
    const found = scaling(rows([1000, 2300, 5000, 10_900], 0.03))?.warnings[0]
    expect(found).toMatchObject({ code: 'superlinear', values: { from: 1, to: 8 } })
  })

  test('is seldom claimed of linear rows with noise', () => {
    const normal = gaussian(seeded(12))
    const claims = Array.from({ length: 12 }, () =>
      codes(rows([1, 2, 4, 8, 16, 32].map((n) => 1000 * n * Math.exp(0.03 * normal())))),
    ).filter((found) => found.includes('superlinear'))
    // One in 20 is expected; 4 of 12 occur once in 500 times.
    expect(claims.length).toBeLessThanOrEqual(3)
  })
})
