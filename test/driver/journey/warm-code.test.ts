import { expect, test } from 'vitest'
import { warmCode } from '../../../src/driver/journey/warm-code.ts'

test('a driver warms up by requests to a server of its own', async () => {
  expect(await warmCode(100, new AbortController().signal)).toBe(100)
})

test('it ends early where its load is aborted', async () => {
  expect(await warmCode(100_000, AbortSignal.abort())).toBeLessThan(1000)
})
