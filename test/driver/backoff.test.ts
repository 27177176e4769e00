import { expect, test } from 'vitest'
import { backoffMs, connectFailures } from '../../src/driver/backoff.ts'

test('the first failure costs no rest, each further one twice the last, a second at most', () => {
  expect([1, 2, 3, 4, 8, 9, 50].map(backoffMs)).toEqual([0, 10, 20, 40, 640, 1000, 1000])
})

test('refusals of attempts that ran side by side count once', () => {
  const refused = connectFailures()
  refused.add(0, 10)
  for (let i = 0; i < 20; i++) refused.add(5, 11)
  expect(refused.retryAtMs).toBe(10)
  refused.add(12, 20)
  expect(refused.retryAtMs).toBe(30)
})

test('a connection that opens ends the row', () => {
  const refused = connectFailures()
  for (const at of [0, 10, 30, 60, 100]) refused.add(at, at + 1)
  expect(refused.retryAtMs).toBe(101 + 80)
  refused.connected()
  refused.add(500, 501)
  expect(refused.retryAtMs).toBe(501)
})
