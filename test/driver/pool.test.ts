import { expect, test } from 'vitest'
import type { Connection } from '../../src/driver/lean/connection.ts'
import { pool } from '../../src/driver/pool.ts'

/** A pool whose connections are numbered as they are made, in `sentMs`, and do nothing. */
function numbered(size: number, max: number) {
  let made = 0
  const own = pool(
    () => ({ sentMs: made++, close: () => {} }) as Partial<Connection> as Connection,
    { size, max },
  )
  return { own, take: () => own.take()?.sentMs, made: () => made }
}

test('it takes its connections in turn', () => {
  const { own } = numbered(3, 10)
  const taken: unknown[] = []
  for (let i = 0; i < 7; i++) {
    const one = own.take() as Connection
    taken.push(one.sentMs)
    own.add(one)
  }
  expect(taken).toEqual([0, 1, 2, 0, 1, 2, 0])
})

test('it makes more only when all are in use, up to the maximum', () => {
  const { own, take, made } = numbered(2, 4)
  expect([take(), take()]).toEqual([0, 1])
  expect(made()).toBe(2)
  expect([take(), take()]).toEqual([2, 3])
  expect(own.available).toBe(false)
  expect(take()).toBeUndefined()
})

test('it prefers its regular connections to additional ones, and of those the one used last', () => {
  const { own, take } = numbered(1, 3)
  const [regular, first, second] = [own.take(), own.take(), own.take()] as Connection[]
  for (const one of [second, first, regular]) own.add(one as Connection)
  expect([take(), take(), take()]).toEqual([0, 1, 2])
})
