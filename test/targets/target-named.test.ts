import { expect, test } from 'vitest'
import { UsageError } from '../../src/kit/errors.ts'
import { targets } from '../../src/targets/index.ts'
import { targetNamed } from '../../src/targets/target-named.ts'

test('every target is found by its name, and no name is there twice', () => {
  for (const target of targets) expect(targetNamed(target.name)).toBe(target)
})

test('another name is refused with the one that was meant', () => {
  const refused = () => targetNamed('refrence')
  expect(refused).toThrow(UsageError)
  expect(refused).toThrow(expect.objectContaining({ hint: expect.stringContaining('"reference"') }))
})
