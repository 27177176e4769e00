import type { Connection } from './lean/connection.ts'
import { queue } from './queue.ts'

/** The idle connections of an open loop. */
export interface Pool {
  /** Takes a connection, opened with its first request; undefined when the maximum is in use. */
  take(): Connection | undefined
  /** Puts a connection back. */
  add(connection: Connection): void
  /** Whether `take` would return a connection. */
  readonly available: boolean
  close(): void
}

/**
 * A pool of `size` connections that are taken in turn, so that a target with several workers sees them all.
 * Beyond them, up to `max`, more are made when all are in use; of those the one used last is taken first.
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

  const makeOne = (): Connection | undefined => {
    if (all.length >= max) return undefined
    const made = make()
    all.push(made)
    return made
  }

  return {
    take: () => idle.shift() ?? spare.pop() ?? makeOne(),
    add(connection) {
      if (regular.has(connection)) idle.push(connection)
      else spare.push(connection)
    },
    get available() {
      return idle.size > 0 || spare.length > 0 || all.length < max
    },
    close() {
      for (const connection of all) connection.close()
    },
  }
}
