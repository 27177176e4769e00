import { expect, test } from 'vitest'
import { percentage } from '../../src/kit/percentage.ts'

test('parses percentages and fractions', () => {
  expect(percentage('2%')).toBe(0.02)
  expect(percentage('0.5 %')).toBe(0.005)
  expect(percentage('.05')).toBe(0.05)
})

test.for(['0', '0%', '-2%', '101%', '2', 'two', '%', ''])('"%s" is not a percentage', (text) => {
  expect(percentage(text)).toBeUndefined()
})
