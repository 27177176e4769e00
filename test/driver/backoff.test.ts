import { expect, test } from 'vitest'
import { backoffMs, connectFailures } from '../../src/driver/backoff.ts'

test('no backoff after the first failure, then 10 ms, doubled for each further failure up to 1 s', () => {
  expect([1, 2, 3, 4, 8, 9, 50].map(backoffMs)).toEqual([0, 10, 20, 40, 640, 1000, 1000])
})

test('failures of attempts that ran at the same time count once', () => {
  const failures = connectFailures()
  failures.add(0, 10)
  for (let i = 0; i < 20; i++) failures.add(5, 11)
  expect(failures.retryAtMs).toBe(10)
  failures.add(12, 20)
  expect(failures.retryAtMs).toBe(30)
})

test('a connection that opens resets the count', () => {
  const failures = connectFailures()
  for (const at of [0, 10, 30, 60, 100]) failures.add(at, at + 1)
  expect(failures.retryAtMs).toBe(101 + 80)
  failures.connected()
  failures.add(500, 501)
  expect(failures.retryAtMs).toBe(501)
})
