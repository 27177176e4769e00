import { expect, test } from 'vitest'
import { algorithmNamed } from '../../src/algorithms/algorithm-named.ts'
import { algorithms } from '../../src/algorithms/index.ts'
import { UsageError } from '../../src/kit/errors.ts'

test('knows every algorithm by its name and its aliases', () => {
  for (const algorithm of algorithms) {
    for (const name of [algorithm.name, ...algorithm.aliases]) {
      expect(algorithmNamed(name)).toBe(algorithm)
    }
  }
})

test('no name or alias means two algorithms', () => {
  const names = algorithms.flatMap(({ name, aliases }) => [name, ...aliases])
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test('names the nearest one when there is no such algorithm', () => {
  expect(() => algorithmNamed('round-robbin')).toThrow(UsageError)
  expect(() => algorithmNamed('round-robbin')).toThrow('there is no algorithm "round-robbin"')
  try {
    algorithmNamed('round-robbin')
  } catch (error) {
    expect((error as UsageError).hint).toContain('Did you mean round-robin?')
  }
})
