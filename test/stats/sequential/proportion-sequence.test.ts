import { expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { clopperPearson } from '../../../src/stats/estimates/proportion.ts'
import { proportionSequence } from '../../../src/stats/sequential/proportion-sequence.ts'
import { expectClose } from '../close.ts'

test.for([1, 5, 100, 10_000])('without a success in %d trials the ends are in closed form', (n) => {
  // (n + 1) (1 − p)^n = α
  const end = 1 - (0.05 / (n + 1)) ** (1 / n)
  const none = proportionSequence(0, n)
  expect(none.low).toBe(0)
  expectClose(none.high, end)
  const all = proportionSequence(n, n)
  expectClose(all.low, 1 - end)
  expect(all.high).toBe(1)
})

test.for([
  [3, 20, 0.95, 0.013832294261464291, 0.47081794572867425],
  [50, 1000, 0.95, 0.02823512662952352, 0.0801709113073882],
  [7, 7000, 0.99, 7.6217162493041e-5, 0.004043205928723652],
  [500, 1000, 0.9, 0.44755509185626363, 0.5524449081437364],
] as const)(
  '%d of %d at %d, against roots of (n + 1) · P(X = k) = α by SciPy',
  ([successes, n, confidence, low, high]) => {
    const found = proportionSequence(successes, n, confidence)
    expectClose(found.low, low)
    expectClose(found.high, high)
  },
)

test('nothing is known of nothing', () => {
  expect(proportionSequence(0, 0)).toEqual({ low: 0, high: 1 })
})

test('it contains the exact interval of one look', () => {
  for (const [k, n] of [
    [0, 50],
    [3, 50],
    [700, 1000],
  ] as const) {
    const [always, once] = [proportionSequence(k, n), clopperPearson(k, n)]
    expect(always.low).toBeLessThanOrEqual(once.low)
    expect(always.high).toBeGreaterThanOrEqual(once.high)
  }
})

test('of 1,000 sequences that are looked at after each of 500 trials, at most 5 % ever miss the truth', () => {
  const random = seeded(7)
  const truth = 0.1
  // The sequence holds `truth` where (n + 1) · P(X = k) is above α: the same as the interval, without its ends.
  let missed = 0
  for (let run = 0; run < 1000; run++) {
    let [k, logRatio] = [0, 0]
    for (let n = 1; n <= 500; n++) {
      const success = random() < truth
      // The mixture's own forecast (Laplace's rule of succession) over that of the truth.
      const forecast = (k + 1) / (n + 1)
      logRatio += Math.log(success ? forecast / truth : (1 - forecast) / (1 - truth))
      if (success) k++
      if (logRatio < -Math.log(0.05)) continue
      const { low, high } = proportionSequence(k, n)
      expect(low > truth || high < truth).toBe(true)
      missed++
      break
    }
  }
  expect(missed).toBeLessThanOrEqual(50)
  expect(missed).toBeGreaterThan(0)
})
