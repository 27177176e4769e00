import { expect, test } from 'vitest'
import { barRow } from '../../bench/drivers/bars.ts'

const row = (center: number, low: number, high: number) =>
  barRow({ name: 'cost', max: 0.45, found: { center, low, high } })

test.each([
  [row(0.4, 0.38, 0.45), '| cost | 0.45 × | 0.40 (0.38 to 0.45) | held |'],
  [row(0.6, 0.5, 0.7), '| cost | 0.45 × | 0.60 (0.50 to 0.70) | not held |'],
  [
    row(0.44, 0.4, 0.5),
    '| cost | 0.45 × | 0.44 (0.40 to 0.50) | undecided, the estimate holds it |',
  ],
  [
    row(0.5, 0.4, 0.6),
    '| cost | 0.45 × | 0.50 (0.40 to 0.60) | undecided, the estimate does not |',
  ],
])('%s', (made, expected) => {
  expect(made).toBe(expected)
})

test('a figure that was not measured holds nothing', () => {
  expect(barRow({ name: 'lateness', max: 50, unit: 'µs', found: undefined })).toBe(
    '| lateness | 50 µs | – | not measured |',
  )
})
