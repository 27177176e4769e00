import { expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { mser5, settledBy, steadiness } from '../../../src/stats/series/steady.ts'
import { vectors } from '../cases.ts'
import { gaussian } from '../gaussian.ts'

interface Settling {
  readonly A: number
  readonly tau: number
  readonly n: number
  readonly truncate_at: number
}

/** The generator that the cases name: an exponential approach to 100 with a small regular ripple. */
function settling({ A, tau, n }: Settling): number[] {
  return Array.from({ length: n }, (_, i) =>
    Number((100 * (1 + A * Math.exp(-i / tau)) + (((i * 7919) % 13) - 6) * 0.3).toFixed(6)),
  )
}

const settlings = vectors<{ cases: readonly Settling[] }>('mser5_truncation').flatMap(
  (vector) => vector.cases,
)

test.for(settlings)('MSER-5 drops $truncate_at of $n (A $A, τ $tau)', (settled) => {
  const { dropped, atBound } = mser5(settling(settled))
  expect(dropped).toBe(settled.truncate_at)
  expect(atBound).toBe(settled.truncate_at >= settled.n / 2)
})

test('a rise over the first second of three is dropped, and the rest is steady', () => {
  const bins = Array.from({ length: 30 }, (_, i) => (i < 10 ? 100 * i : 1000 + (i % 3)))
  expect(steadiness(bins)).toEqual({ steady: true, from: 10 })
})

test('a series that still rises is not steady', () => {
  expect(steadiness(Array.from({ length: 40 }, (_, i) => 1000 + 20 * i)).steady).toBe(false)
})

test('a slow rise of the last third is not steady, however little MSER-5 would drop', () => {
  const bins = Array.from({ length: 60 }, (_, i) =>
    i < 40 ? 1000 + (i % 2) * 300 : 1000 + 10 * (i - 40),
  )
  expect(mser5(bins).atBound).toBe(false)
  expect(steadiness(bins).steady).toBe(false)
})

test('a slope far below any required precision is ignored', () => {
  const level = Array.from({ length: 60 }, (_, i) => 10_000 + (i < 40 ? (i % 2) * 400 : i - 40))
  expect(steadiness(level).steady).toBe(true)
})

test('constant throughput is steady from the first bin', () => {
  expect(steadiness(Array.from({ length: 20 }, () => 500))).toEqual({ steady: true, from: 0 })
})

test('at least one second of bins is needed', () => {
  const level = (n: number) => steadiness(Array.from({ length: n }, () => 500)).steady
  expect([level(0), level(1), level(9), level(10)]).toEqual([false, false, false, true])
})

test('noise without a trend settles within a few seconds', () => {
  let late = 0
  for (let seed = 0; seed < 200; seed++) {
    const random = seeded(seed)
    const bins: number[] = []
    while (bins.length < 20 || (!steadiness(bins).steady && bins.length < 50)) {
      bins.push(1000 + 100 * (random() + random() + random() - 1.5))
    }
    if (bins.length >= 50) late++
  }
  // About 1 in 300 does not settle in 5 s: 0.7 are expected of 200, more than 5 once in 20,000 tries.
  expect(late).toBeLessThanOrEqual(5)
})

test('a series was steady after the warm-up where nothing behind it has to be dropped', () => {
  const ramp = [100, 300, 500, 700, 850, 900, 950, 980, 990, 1000]
  const level = Array.from({ length: 15 }, (_, i) => 1000 + (i % 3))
  expect(settledBy([...ramp, ...level], 10)).toBe(true)
  expect(settledBy([...ramp, ...level], 3)).toBe(false)
})

test('a series that still rises at its end was not steady', () => {
  expect(
    settledBy(
      Array.from({ length: 30 }, (_, i) => 1000 + 20 * i),
      15,
    ),
  ).toBe(false)
})

/** Bins around a level that follows `shape` (1: the level at the end), with noise of 5 %. */
function noisy(n: number, shape: (share: number) => number, seed: number): number[] {
  const normal = gaussian(seeded(seed))
  return Array.from({ length: n }, (_, i) => 2000 * (shape(i / (n - 1)) + 0.05 * normal()))
}

/** Fraction of 1,000 series that are called steady: by themselves, and behind a warm-up of one second. */
function shareSteady(n: number, shape: (share: number) => number) {
  const start = Array<number>(10).fill(1500)
  const all = Array.from({ length: 1000 }, (_, seed) => noisy(n, shape, seed))
  const share = (is: (bins: number[]) => boolean) => all.filter(is).length / all.length
  return {
    alone: share((bins) => steadiness(bins).steady),
    behind: share((bins) => settledBy([...start, ...bins], 10)),
  }
}

test.for([10, 11, 14, 15, 20, 30])(
  'a stationary series of %i bins is steady 19 times in 20',
  (n) => {
    const { alone, behind } = shareSteady(n, () => 1)
    // Three standard deviations of 1,000 series are 2 %.
    expect(alone).toBeGreaterThan(0.93)
    expect(behind).toBeGreaterThan(0.93)
  },
)

test.for([10, 11, 14, 15, 20, 30])('a transient of 20 %% over %i bins is not steady', (n) => {
  for (const shape of [
    (share: number) => 0.8 + 0.2 * share,
    (share: number) => 1.2 - 0.2 * share,
    (share: number) => (share < 0.5 ? 0.8 : 1),
  ]) {
    const { alone, behind } = shareSteady(n, shape)
    expect(alone).toBeLessThan(0.11)
    expect(behind).toBeLessThan(0.11)
  }
})

test('series as flat as ten bins can be are steady from the first on', () => {
  const flat = [2000, 2003, 1998, 2001, 2000, 1999, 2002, 1998, 2001, 2000]
  expect(steadiness(flat)).toEqual({ steady: true, from: 0 })
})
