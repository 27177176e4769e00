import { queue } from './queue.ts'
import type { Connection } from './undici-connection.ts'

/** The connections of an open loop that are not in use. */
export interface Pool {
  /** Takes one out; undefined: as many as may be are in use. */
  take(): Connection | undefined
  /** Puts one back. */
  add(connection: Connection): void
  /** Whether `take` would give one. */
  readonly hasRoom: boolean
  close(): Promise<void>
}

/**
 * `kept` connections that are taken in turn, so that a target with several workers sees them all; beyond
 * them, up to `most`, more are made when all are in use, and the one used last is taken first.
 */
export function pool(
  make: () => Connection,
  { kept, most }: { readonly kept: number; readonly most: number },
): Pool {
  const all = Array.from({ length: kept }, make)
  const regular = new Set(all)
  const idle = queue<Connection>()
  for (const connection of all) idle.push(connection)
  const spare: Connection[] = []

  const makeOne = (): Connection | undefined => {
    if (all.length >= most) return undefined
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
    get hasRoom() {
      return idle.size > 0 || spare.length > 0 || all.length < most
    },
    async close() {
      await Promise.all(all.map((connection) => connection.close()))
    },
  }
}
