import { expect, test } from 'vitest'
import { sequenceLock } from '../../../src/algorithms/parts/sequence-lock.ts'

const cells = (start = 0) => Int32Array.of(start)

test('every hold has another number, and release frees the lock', () => {
  const lock = sequenceLock(cells(), 0)
  const first = lock.acquire()
  lock.release(first)
  const second = lock.acquire()
  expect(second).not.toBe(first)
})

test('the old holder of a lock that was taken over does not release it', () => {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  const lock = sequenceLock(cell, 0)
  const dead = lock.acquire()
  const taken = lock.acquire()
  lock.release(dead)
  expect(cell[0]).toBe(taken)
  lock.release(taken)
  expect((cell[0] ?? 1) & 1).toBe(0)
})

test('works when the numbers overflow', () => {
  const cell = cells(2 ** 31 - 2)
  const lock = sequenceLock(cell, 0)
  for (let hold = 0; hold < 3; hold++) lock.release(lock.acquire())
  expect(cell[0]).toBe(-(2 ** 31) + 4)
})
