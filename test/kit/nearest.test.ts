import { expect, test } from 'vitest'
import { nearest } from '../../src/kit/nearest.ts'

const names = ['round-robin', 'least-connections', 'weighted']

test('finds the nearest name of a typo', () => {
  expect(nearest('round-robbin', names)).toBe('round-robin')
  expect(nearest('wieghted', names)).toBe('weighted')
})

test('finds nothing if no name is near', () => {
  expect(nearest('zz', names)).toBeUndefined()
  expect(nearest('anything', [])).toBeUndefined()
})

test.for(['', 'x', 'xx'])(
  'a short text that shares nothing with a short name is no typo of it: "%s"',
  (typed) => {
    expect(nearest(typed, ['lc', 'rr'])).toBeUndefined()
    expect(nearest('lb', ['lc'])).toBe('lc')
  },
)
