import { describe, expect, test } from 'vitest'
import { pseudoMedian } from '../../../src/stats/estimates/hodges-lehmann.ts'
import { meanInterval } from '../../../src/stats/estimates/student-interval.ts'
import { compare, type Pair } from '../../../src/stats/tests/comparison.ts'
import { adjustFamily } from '../../../src/stats/tests/family.ts'

/** Noise of the pairs' log-ratios, of both signs and without pattern, SD 1 %. */
const noise = [0.4, -1.1, 0.7, 1.6, -0.2, -1.4, 0.9, -0.6, 0.1, -0.8, 1.3, -0.5].map((x) => x / 100)

/** n pairs around the ratio given; the blocks drift together, which must not matter. */
function pairs(n: number, ratio: number, scale = 1): Pair[] {
  return noise.slice(0, n).map((off, block): Pair => {
    const base = 10_000 * (1 + block / 10)
    return [base, base * ratio * Math.exp(off * scale)]
  })
}

const more = { better: 'more', margin: 0.03 } as const
const less = { better: 'less', margin: 0.03 } as const

test('the ratio is the mean of the log-ratios, with the signed-rank interval', () => {
  const logs = noise.slice(0, 10)
  const { low, high } = pseudoMedian(logs)
  const { center } = meanInterval(logs)
  const { ratio, method, beside, spread } = compare(pairs(10, 1), more)
  expect(ratio.center).toBeCloseTo(Math.exp(center), 12)
  expect(ratio.low).toBeCloseTo(Math.exp(low), 12)
  expect(ratio.high).toBeCloseTo(Math.exp(high), 12)
  expect(method).toBe('signed-rank')
  expect(beside.low).toBeCloseTo(Math.exp(meanInterval(logs).low), 12)
  expect(spread).toBeCloseTo(0.0095, 3)
})

test('an outlier does not hide a change from ten pairs, and the interval holds the estimate', () => {
  const some = pairs(10, 1.3)
  const [base, other] = some[3] as Pair
  const slight = compare(some.with(3, [base, other / 1.2]), more)
  expect(slight.outcome).toBe('better')
  expect(slight.ratio.low).toBeGreaterThan(1.15)
  const far = compare(some.with(3, [base, other / 1000]), more)
  expect(far.ratio.low).toBeLessThanOrEqual(far.ratio.center)
  expect(far.outcome).toBe('inconclusive')
})

test('a ratio of estimates takes the place of the mean of the pairs, and widens the interval where it lies outside', () => {
  const at = (center: number) => compare(pairs(10, 1.1), { ...more, center })
  const own = compare(pairs(10, 1.1), more).ratio
  expect(at(1.101).ratio).toMatchObject({ center: 1.101, low: own.low, high: own.high })
  expect(at(1.2).ratio).toMatchObject({ center: 1.2, low: own.low, high: 1.2 })
  expect(at(0.99)).toMatchObject({ outcome: 'inconclusive', ratio: { low: 0.99, high: own.high } })
})

test('below 8 pairs the t interval decides, and the signed-rank interval is reported beside it', () => {
  const { ratio, method, beside } = compare(pairs(7, 1), more)
  expect(method).toBe('t')
  expect(ratio.low).toBeCloseTo(Math.exp(meanInterval(noise.slice(0, 7)).low), 12)
  expect(beside.high).toBeCloseTo(Math.exp(pseudoMedian(noise.slice(0, 7)).high), 12)
  expect(compare(pairs(8, 1), more).method).toBe('signed-rank')
})

describe('answers', () => {
  test('a significant change beyond the margin is better or worse, by the direction of the metric', () => {
    expect(compare(pairs(10, 1.1), more).outcome).toBe('better')
    expect(compare(pairs(10, 1.1), less).outcome).toBe('worse')
    expect(compare(pairs(10, 0.9), more).outcome).toBe('worse')
    expect(compare(pairs(10, 0.9), less).outcome).toBe('better')
  })

  test('an interval inside the margin is the same, even where it leaves out 1', () => {
    expect(compare(pairs(10, 1), more).outcome).toBe('same')
    const slight = compare(pairs(10, 1.012), more)
    expect(slight.ratio.low).toBeGreaterThan(1)
    expect(slight.outcome).toBe('same')
  })

  test('a change that is sure but smaller than the margin is unclear, not better', () => {
    const { ratio, outcome } = compare(pairs(10, 1.026), more)
    expect(ratio.low).toBeGreaterThan(1)
    expect(ratio.high).toBeGreaterThan(1.03)
    expect(outcome).toBe('inconclusive')
  })

  test('an interval that reaches over 1 and over the margin is unclear', () => {
    expect(compare(pairs(10, 1.02, 10), more).outcome).toBe('inconclusive')
  })

  test('five pairs cannot decide, however clear they look; six can', () => {
    const five = compare(pairs(5, 2), more)
    expect(five.outcome).toBe('too few trials')
    expect(five.ratio.warnings).toEqual([
      { code: 'too-few-pairs', values: { pairs: 5, needed: 6, confidence: 0.95 } },
    ])
    expect(compare(pairs(6, 2), more).outcome).toBe('better')
    expect(compare(pairs(6, 2), { ...more, confidence: 0.99 }).outcome).toBe('too few trials')
    // The least p of 5 pairs is 1/16: just enough for this level.
    expect(compare(pairs(5, 2), { ...more, confidence: 15 / 16 }).outcome).toBe('better')
  })

  test('exchanging base and arm inverts the result', () => {
    for (const ratio of [0.9, 0.985, 1, 1.02, 1.03, 1.1]) {
      const swapped = pairs(10, ratio).map(([base, other]): Pair => [other, base])
      const mirrored = { better: 'worse', worse: 'better' } as Record<string, string>
      const { outcome } = compare(pairs(10, ratio), more)
      expect(compare(swapped, more).outcome).toBe(mirrored[outcome] ?? outcome)
    }
  })

  test('p and the interval agree', () => {
    for (const ratio of [0.99, 0.995, 1, 1.004, 1.006, 1.008, 1.02]) {
      for (const n of [7, 10, 12]) {
        const { p, ratio: found } = compare(pairs(n, ratio), more)
        expect(p < 0.05).toBe(found.low > 1 || found.high < 1)
      }
    }
  })
})

test('pairs without any noise decide', () => {
  const exact = Array.from({ length: 10 }, (): Pair => [100, 110])
  expect(compare(exact, more).outcome).toBe('better')
  expect(compare(exact, more).spread).toBeLessThan(1e-12)
  expect(compare(exact.slice(0, 6), more).outcome).toBe('better')
  expect(compare(exact.slice(0, 6), more).p).toBeLessThan(1e-12)
  expect(
    compare(
      Array.from({ length: 10 }, (): Pair => [5, 5]),
      more,
    ),
  ).toMatchObject({
    outcome: 'same',
    p: 1,
  })
})

test('values without a ratio are an error', () => {
  expect(() => compare([], more)).toThrow('needs 2 pairs')
  expect(() => compare([[1, 2]], more)).toThrow('needs 2 pairs')
  for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() =>
      compare(
        [
          [1, 1],
          [bad, 1],
        ],
        more,
      ),
    ).toThrow(RangeError)
    expect(() =>
      compare(
        [
          [1, 1],
          [1, bad],
        ],
        more,
      ),
    ).toThrow(RangeError)
  }
})

test('in a large family a borderline comparison is no longer significant', () => {
  const borderline = compare(pairs(6, 1.04, 2.5), more)
  expect(borderline.outcome).toBe('better')
  expect(adjustFamily([borderline])[0]?.outcome).toBe('better')
  const clear = compare(pairs(12, 1.1), more)
  const family = adjustFamily([
    borderline,
    clear,
    ...Array.from({ length: 8 }, () => compare(pairs(10, 1), more)),
  ])
  expect(family.map(({ outcome }) => outcome).slice(0, 3)).toEqual([
    'inconclusive',
    'better',
    'same',
  ])
})
