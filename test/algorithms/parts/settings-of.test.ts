import { expect, test } from 'vitest'
import type { Algorithm } from '../../../src/algorithms/algorithm.ts'
import { settingsOf } from '../../../src/algorithms/parts/settings-of.ts'
import { random } from '../../../src/algorithms/random.ts'
import { UsageError } from '../../../src/kit/errors.ts'

const algorithm: Algorithm = {
  ...random,
  name: 'odd-one',
  parameters: {
    decay: { summary: 'a time', unit: 's', default: 10, least: 1, most: 60, integer: false },
    size: {
      summary: 'a size',
      unit: '',
      default: 3,
      least: 1,
      most: 99,
      integer: true,
      fault: (value) => (value % 2 === 1 ? undefined : 'must be odd'),
    },
  },
}

test('fills in the defaults', () => {
  expect(settingsOf(algorithm)).toEqual({ decay: 10, size: 3 })
  expect(settingsOf(algorithm, { decay: 2.5 })).toEqual({ decay: 2.5, size: 3 })
})

test.for([
  [{ decay: 0.5 }, 'odd-one: decay must be from 1 to 60, and not 0.5'],
  [{ decay: Number.NaN }, 'odd-one: decay must be from 1 to 60, and not NaN'],
  [{ size: 2.5 }, 'odd-one: size must be a whole number, and not 2.5'],
  [{ size: 4 }, 'odd-one: size must be odd, and not 4'],
  [{ decai: 1 }, 'odd-one has no parameter "decai"'],
] as const)('refuses %j', ([told, message]) => {
  expect(() => settingsOf(algorithm, told)).toThrow(UsageError)
  expect(() => settingsOf(algorithm, told)).toThrow(message)
})
