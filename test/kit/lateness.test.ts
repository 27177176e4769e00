import { expect, test } from 'vitest'
import { lateness } from '../../src/kit/lateness.ts'

test('the estimate follows the median, whatever the outliers', () => {
  const late = lateness()
  for (let i = 0; i < 2000; i++) late.add(i % 4 === 0 ? 50 : 0.1 + ((i % 3) - 1) * 0.001)
  expect(late.medianMs).toBeGreaterThan(0.095)
  expect(late.medianMs).toBeLessThan(0.105)
})
