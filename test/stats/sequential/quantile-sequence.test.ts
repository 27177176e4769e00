import { expect, test } from 'vitest'
import { quantileRanks } from '../../../src/stats/estimates/quantile-interval.ts'
import { quantileSequence } from '../../../src/stats/sequential/quantile-sequence.ts'

test.for([
  [0.99, 1000, 0.95, 976, 1000],
  [0.5, 100, 0.95, 35, 66],
  [0.999, 30_000, 0.95, 29_942, 29_992],
  [0.95, 5000, 0.99, 4681, 4815],
  [0.99, 50, 0.95, 46, undefined],
] as const)(
  'p%d of %d values at %d, against every count tried by SciPy',
  ([p, n, confidence, lower, upper]) => {
    expect(quantileSequence(n, p, confidence)).toEqual({ lower, upper })
  },
)

test('its ranks enclose those of one look', () => {
  for (const n of [500, 5000]) {
    const [always, once] = [quantileSequence(n, 0.95), quantileRanks(n, 0.95)]
    expect(always.lower).toBeLessThanOrEqual(once.lower as number)
    expect(always.upper).toBeGreaterThanOrEqual(once.upper as number)
  }
})
