import { expect, test } from 'vitest'
import { responseScratch } from '../../../src/balancer/downstream/http2/response-writer.ts'

test('sessions share the memory for responses, of which each would need more than for all else', () => {
  expect(responseScratch(1000)).toBe(responseScratch(1000))
  expect(responseScratch(20)).not.toBe(responseScratch(1000))
})
