import { expect, test } from 'vitest'
import { assignBackends } from '../../src/lab/assign-backends.ts'

const weights = (...all: readonly number[]) => all.map((weight) => ({ weight }))

test('each backend is in one process, and equal ones are spread evenly', () => {
  expect(assignBackends(weights(1, 1, 1, 1, 1), 2)).toEqual([
    [0, 2, 4],
    [1, 3],
  ])
  expect(assignBackends(weights(1, 1, 1), 1)).toEqual([[0, 1, 2]])
})

test('a heavy backend has a process of its own', () => {
  expect(assignBackends(weights(1, 5, 1), 2)).toEqual([[1], [0, 2]])
})

test('backends without weight are spread as well', () => {
  expect(assignBackends(weights(0, 0, 1, 0), 2).map((part) => part.length)).toEqual([1, 3])
  expect(assignBackends(weights(0, 0), 2)).toEqual([[0], [1]])
})
