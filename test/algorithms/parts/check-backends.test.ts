import { expect, test } from 'vitest'
import { checkBackends } from '../../../src/algorithms/parts/check-backends.ts'
import { UsageError } from '../../../src/kit/errors.ts'

const weights = (...list: number[]) => list.map((weight, row) => ({ id: `b${row}:80`, weight }))

test('accepts a valid set', () => {
  expect(() => checkBackends(weights(5, 1, 0))).not.toThrow()
})

test.for([
  ['an empty set', [], 'backends is empty'],
  ['a negative weight', weights(1, -1), 'backends[1].weight must be an integer'],
  ['a weight that is not whole', weights(1.5), 'backends[0].weight must be an integer'],
  ['a weight that is no number', weights(1, Number.NaN), 'backends[1].weight must be an integer'],
  ['a weight that is too large', weights(1_000_001), 'backends[0].weight must be an integer'],
  ['all weights 0', weights(0, 0), 'backends[*].weight: all weights are 0'],
  [
    'weights too large together',
    weights(...Array(1100).fill(1_000_000)),
    'backends[*].weight: the sum is',
  ],
  [
    'a name twice',
    [...weights(1, 1), { id: 'b0:80', weight: 2 }],
    'backends[2].id "b0:80" is the same as backends[0].id',
  ],
  ['no name', [{ id: '', weight: 1 }], 'backends[0].id is empty'],
] as const)('rejects %s', ([, backends, message]) => {
  expect(() => checkBackends(backends)).toThrow(UsageError)
  expect(() => checkBackends(backends)).toThrow(message)
})

test('the error names the given field', () => {
  expect(() => checkBackends([], 'targets')).toThrow('targets is empty')
})
