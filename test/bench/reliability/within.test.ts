import { expect, test } from 'vitest'
import { within } from '../../../bench/reliability/within.ts'

test('a step that does not end is named', async () => {
  const never = new Promise(() => undefined)
  await expect(within(0.01, 'the drain', never)).rejects.toThrow(
    'the drain has taken more than 0.01 s',
  )
  expect(await within(60, 'the drain', Promise.resolve(5))).toBe(5)
  await expect(within(60, 'the drain', Promise.reject(new Error('no')))).rejects.toThrow('no')
})
