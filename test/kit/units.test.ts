import { expect, test } from 'vitest'
import { grouped, percent, quantity, rounded, scaled, scaleFor } from '../../src/kit/units.ts'

test.for([
  [0, '0'],
  [1, '1.00'],
  [2.5, '2.50'],
  [9.996, '10.0'],
  [71, '71.0'],
  [999.6, '1,000'],
  [15_020, '15,000'],
  [15_049_999, '15,000,000'],
  [0.01234, '0.0123'],
  [0.000_000_123_4, '0.000000123'],
  [-2.345, '−2.35'],
  [Number.POSITIVE_INFINITY, '∞'],
  [Number.NaN, '–'],
] as const)('%d is shown with 3 significant digits', ([value, text]) => {
  expect(rounded(value)).toBe(text)
})

test.for([
  [0.0025, 's', '2.50 ms'],
  [0.000_17, 's', '170 µs'],
  [1.5, 's', '1.50 s'],
  [0, 's', '0 µs'],
  [71 * 2 ** 20, 'bytes', '71.0 MiB'],
  [512, 'bytes', '512 B'],
  [15_020, 'req/s', '15,000 req/s'],
  [0.98, 'cpus', '0.980 CPUs'],
  [0.0123, 'fraction', '1.23 %'],
] as const)('%d %s is a quantity with its unit', ([value, unit, text]) => {
  expect(quantity(value, unit)).toBe(text)
})

test('a column has one unit, by its median', () => {
  const ms = scaleFor('s', [0.000_17, 0.000_2, 0.012])
  expect(ms.unit).toBe('ms')
  expect([0.000_17, 0.012].map((value) => scaled(value, ms))).toEqual(['0.170', '12.0'])
  expect(scaleFor('s', [0.000_02, 0.000_03, 1]).unit).toBe('µs')
  expect(scaleFor('s', []).unit).toBe('µs')
})

test.for([
  [0.053, '5.3 %'],
  [-0.053, '5.3 %'],
  [0.123, '12 %'],
  [0.0994, '9.9 %'],
  [0.0996, '10 %'],
  [9.99, '999 %'],
  [12.3, '>999 %'],
  [0.0001, '0 %'],
] as const)('a change of %d is %s', ([fraction, text]) => {
  expect(percent(fraction)).toBe(text)
})

test('counts have all digits', () => {
  expect(grouped(15_020)).toBe('15,020')
})
