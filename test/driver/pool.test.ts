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
  return { own, take: (nowMs = 0) => own.take(nowMs)?.sentMs, made: () => made }
}

test('it takes its connections in turn', () => {
  const { own } = numbered(3, 10)
  const taken: unknown[] = []
  for (let i = 0; i < 7; i++) {
    const one = own.take(i) as Connection
    taken.push(one.sentMs)
    own.add(one)
  }
  expect(taken).toEqual([0, 1, 2, 0, 1, 2, 0])
})

test('it makes more only when all are in use, up to the maximum', () => {
  const { own, take, made } = numbered(2, 4)
  expect([take(), take()]).toEqual([0, 1])
  expect(made()).toBe(2)
  expect([take(1), take(2)]).toEqual([2, 3])
  expect(own.available(10)).toBe(false)
  expect(take(10)).toBeUndefined()
})

test('it makes one each millisecond, so that a pause of the target is followed by no burst of connections', () => {
  const { own, take } = numbered(1, 100)
  expect([take(5), take(5), take(5.9)]).toEqual([0, 1, undefined])
  expect([own.available(5.9), own.available(6)]).toEqual([false, true])
  expect([take(6), take(6)]).toEqual([2, undefined])
})

test('it prefers its regular connections to additional ones, and of those the one used last', () => {
  const { own, take } = numbered(1, 3)
  const [regular, first, second] = [own.take(0), own.take(1), own.take(2)] as Connection[]
  for (const one of [second, first, regular]) own.add(one as Connection)
  expect([take(), take(), take()]).toEqual([0, 1, 2])
})
