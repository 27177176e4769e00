import { expect, test } from 'vitest'
import { storeAttempts } from '../../src/app/store-attempts.ts'

test('an error at one place does not keep a result from the next', async () => {
  const { files, errors, attempt } = storeAttempts()
  await attempt(() => Promise.reject(new Error('the disk is full')))
  await attempt(async () => 'result.json')
  expect(files).toEqual(['result.json'])
  expect(errors.map(({ message }) => message)).toEqual(['the disk is full'])
})
