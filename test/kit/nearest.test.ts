import { expect, test } from 'vitest'
import { nearest } from '../../src/kit/nearest.ts'

const names = ['round-robin', 'least-connections', 'weighted']

test('finds the name that a typo meant', () => {
  expect(nearest('round-robbin', names)).toBe('round-robin')
  expect(nearest('wieghted', names)).toBe('weighted')
})

test('offers nothing where no name is near', () => {
  expect(nearest('zz', names)).toBeUndefined()
  expect(nearest('anything', [])).toBeUndefined()
})
