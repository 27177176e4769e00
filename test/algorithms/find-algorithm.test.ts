import { expect, test } from 'vitest'
import { findAlgorithm } from '../../src/algorithms/find-algorithm.ts'
import { algorithms } from '../../src/algorithms/index.ts'

test('finds every algorithm by its name and its aliases', () => {
  for (const algorithm of algorithms) {
    for (const name of [algorithm.name, ...algorithm.aliases]) {
      expect(findAlgorithm(name)).toBe(algorithm)
    }
  }
})

test('no name or alias is ambiguous', () => {
  const names = algorithms.flatMap(({ name, aliases }) => [name, ...aliases])
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test('an unknown name suggests the nearest algorithm', () => {
  expect(() => findAlgorithm('round-robbin')).toThrow(
    expect.objectContaining({
      code: 'LB_USAGE',
      message: 'unknown algorithm "round-robbin"',
      hint: expect.stringContaining('did you mean round-robin? it is one of '),
    }),
  )
})
