import type { Connection } from './lean/connection.ts'
import { queue } from './queue.ts'

/** The idle connections of an open loop. */
export interface Pool {
  /** Takes a connection, opened with its first request; undefined while none may be used. Times are milliseconds. */
  take(nowMs: number): Connection | undefined
  /** Puts a connection back. */
  add(connection: Connection): void
  /** Whether `take` would return a connection. */
  available(nowMs: number): boolean
  close(): void
}

/**
 * Milliseconds between two connections that are opened because all are in use. A judgement: opening one costs a target
 * several times a request, so that one for each arrival would turn a pause of 10 ms into a queue that grows by itself.
 */
const gapMs = 1

/**
 * A pool of `size` connections that are taken in turn, so that a target with several workers sees them all.
 * Beyond them, up to `max`, more are made when all are in use, one each millisecond; of those the one used last is taken
 * first.
 */
export function pool(
  make: () => Connection,
  { size, max }: { readonly size: number; readonly max: number },
): Pool {
  const all = Array.from({ length: size }, make)
  const regular = new Set(all)
  const idle = queue<Connection>()
  for (const connection of all) idle.push(connection)
  const spare: Connection[] = []
  let madeMs = Number.NEGATIVE_INFINITY

  const mayMake = (nowMs: number): boolean => all.length < max && nowMs - madeMs >= gapMs
  const makeOne = (nowMs: number): Connection | undefined => {
    if (!mayMake(nowMs)) return undefined
    madeMs = nowMs
    const made = make()
    all.push(made)
    return made
  }

  return {
    take: (nowMs) => idle.shift() ?? spare.pop() ?? makeOne(nowMs),
    add(connection) {
      if (regular.has(connection)) idle.push(connection)
      else spare.push(connection)
    },
    available: (nowMs) => idle.size > 0 || spare.length > 0 || mayMake(nowMs),
    close() {
      for (const connection of all) connection.close()
    },
  }
}
