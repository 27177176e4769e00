import { expect, test } from 'vitest'
import { pool } from '../../src/driver/pool.ts'
import type { Connection } from '../../src/driver/undici-connection.ts'

/** A pool whose connections are numbered as they are made, in `sentMs`, and nothing else. */
function numbered(kept: number, most: number) {
  let made = 0
  const own = pool(() => ({ sentMs: made++, close: async () => {} }) as Connection, { kept, most })
  return { own, take: () => own.take()?.sentMs, made: () => made }
}

test('takes those that it keeps in turn', () => {
  const { own } = numbered(3, 10)
  const taken: unknown[] = []
  for (let i = 0; i < 7; i++) {
    const one = own.take() as Connection
    taken.push(one.sentMs)
    own.add(one)
  }
  expect(taken).toEqual([0, 1, 2, 0, 1, 2, 0])
})

test('makes more only when all are in use, up to the most', () => {
  const { own, take, made } = numbered(2, 4)
  expect([take(), take()]).toEqual([0, 1])
  expect(made()).toBe(2)
  expect([take(), take()]).toEqual([2, 3])
  expect(own.hasRoom).toBe(false)
  expect(take()).toBeUndefined()
})

test('prefers those that it keeps to the others, and of the others the one used last', () => {
  const { own, take } = numbered(1, 3)
  const [kept, first, second] = [own.take(), own.take(), own.take()] as Connection[]
  for (const one of [second, first, kept]) own.add(one as Connection)
  expect([take(), take(), take()]).toEqual([0, 1, 2])
})
