import { expect, test } from 'vitest'
import type { Algorithm } from '../../../src/algorithms/algorithm.ts'
import { settingsOf } from '../../../src/algorithms/parts/settings-of.ts'
import { random } from '../../../src/algorithms/random.ts'
import { UsageError } from '../../../src/kit/errors.ts'

const algorithm: Algorithm = {
  ...random,
  name: 'odd-one',
  parameters: {
    decay: { summary: 'a time', unit: 's', default: 10, min: 1, max: 60, integer: false },
    size: {
      summary: 'a size',
      unit: '',
      default: 3,
      min: 1,
      max: 99,
      integer: true,
      check: (value) => (value % 2 === 1 ? undefined : 'must be odd'),
    },
  },
}

test('fills in the defaults', () => {
  expect(settingsOf(algorithm)).toEqual({ decay: 10, size: 3 })
  expect(settingsOf(algorithm, { decay: 2.5 })).toEqual({ decay: 2.5, size: 3 })
})

test.for([
  [{ decay: 0.5 }, 'odd-one: decay must be from 1 to 60, not 0.5'],
  [{ decay: Number.NaN }, 'odd-one: decay must be from 1 to 60, not NaN'],
  [{ size: 2.5 }, 'odd-one: size must be an integer, not 2.5'],
  [{ size: 4 }, 'odd-one: size must be odd, not 4'],
  [{ decai: 1 }, 'odd-one has no parameter "decai"'],
] as const)('rejects %j', ([overrides, message]) => {
  expect(() => settingsOf(algorithm, overrides)).toThrow(UsageError)
  expect(() => settingsOf(algorithm, overrides)).toThrow(message)
})
