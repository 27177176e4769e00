import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { openEntry } from '../../src/backend/entry.ts'

/** An entry to so many backends with these weights, and how many connections each was given. */
async function entryTo(weights: readonly number[], connections: number): Promise<number[]> {
  const given = weights.map(() => 0)
  const accepted = Promise.withResolvers<void>()
  const backends = weights.map((weight, i) => ({
    weight,
    backend: {
      accept(socket: Socket) {
        given[i] = (given[i] as number) + 1
        socket.destroy()
        if (given.reduce((a, b) => a + b) === connections) accepted.resolve()
      },
    },
  }))
  const entry = await openEntry(backends, { port: 0 })
  const sockets = Array.from({ length: connections }, () => connect(entry.port, '127.0.0.1'))
  await Promise.all([accepted.promise, ...sockets.map((socket) => once(socket, 'close'))])
  entry.stop()
  return given
}

test.for([
  [[1, 1, 1], 9, [3, 3, 3]],
  [[5, 1, 1], 14, [10, 2, 2]],
  [[0, 2, 1], 6, [0, 4, 2]],
] as const)('weights %j: of %i connections they get %j', async ([weights, connections, given]) => {
  expect(await entryTo(weights, connections)).toEqual(given)
})

test('two processes may share the port', async () => {
  const one = await openEntry([], { port: 0 })
  const other = await openEntry([], { port: one.port })
  expect(other.port).toBe(one.port)
  one.stop()
  other.stop()
})
