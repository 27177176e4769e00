import { expect, test } from 'vitest'
import { UsageError } from '../../src/kit/errors.ts'
import { findTarget } from '../../src/targets/find-target.ts'
import { targets } from '../../src/targets/index.ts'
import { requireAvailable } from '../../src/targets/require-available.ts'

test('every target is found by its name, and names are unique', () => {
  for (const target of targets) expect(findTarget(target.name)).toBe(target)
})

test('an unknown name is an error with the most similar name', () => {
  const refused = () => findTarget('refrence')
  expect(refused).toThrow(UsageError)
  expect(refused).toThrow(expect.objectContaining({ hint: expect.stringContaining('"reference"') }))
})

test('installed targets are accepted; for a missing one the error says how to install it', async () => {
  await requireAvailable(['reference', 'direct'])
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    await expect(requireAvailable(['direct', 'traefik'])).rejects.toMatchObject({
      code: 'LB_USAGE',
      message: 'target traefik: traefik is not installed',
      hint: expect.stringContaining('github.com/traefik'),
    })
  } finally {
    process.env.PATH = path
  }
})
