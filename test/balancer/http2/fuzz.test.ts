import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Role } from '../../../src/http2/connection-state.ts'
import { type Random, seeded } from '../../../src/kit/random.ts'
import { frameSequences } from './support/arbitrary-frames.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { type Peer, peer } from './support/peer.ts'
import { get, ok, post } from './support/wire.ts'

const limits = {
  streams: 4,
  streamWindow: 20_000,
  maxStreamWindow: 40_000,
  unread: 65_535,
  output: 20_000,
}

type Connection = Peer['connection']
type Stream = NonNullable<ReturnType<Connection['openStream']>>

const onConnection: readonly ((connection: Connection, random: Random) => unknown)[] = [
  (connection) => connection.openStream(listOfPairs(get), true, 'user'),
  (connection) => connection.openStream(listOfPairs(post), false, 'user'),
  (connection) => connection.ping(),
  (connection, random) => random() < 0.1 && connection.shutdown(),
  (connection, random) => random() < 0.1 && connection.goAway(),
  (connection, random) => random() < 0.02 && connection.destroy(),
]

const onStream: readonly ((connection: Connection, stream: Stream, random: Random) => unknown)[] = [
  (connection, stream, random) => connection.sendHeaders(stream, listOfPairs(ok), random() < 0.3),
  (connection, stream, random) =>
    connection.sendData(stream, Buffer.alloc(random() * 30_000), random() < 0.3),
  (connection, stream) => connection.sendTrailers(stream, listOfPairs([['trailer', 'value']])),
  (connection, stream, random) => connection.resetStream(stream, random() < 0.5 ? 0 : 8),
  (connection, stream, random) => connection.consume(stream, random() * 30_000),
]

function drawn<Value>(values: readonly Value[], random: Random): Value | undefined {
  return values[Math.floor(random() * values.length)]
}

/** Calls any function of the connection, with any stream there ever was. */
function actAtRandom({ connection, streams }: Peer, random: Random): void {
  const stream = drawn([...streams.values()], random)
  if (stream === undefined || random() < 0.3) drawn(onConnection, random)?.(connection, random)
  else drawn(onStream, random)?.(connection, stream, random)
}

/** Each stream is closed once, and nothing is reported of it afterwards. */
function isOrderly(happenings: Peer['happenings']): boolean {
  const closed = new Set<unknown>()
  return happenings.every(([event, id]) => {
    const ofStream = !['settings', 'pong', 'goAway', 'finished', 'failed'].includes(event)
    if (ofStream && closed.has(id)) return false
    if (event === 'closed') closed.add(id)
    return true
  })
}

function survives(role: Role, frames: readonly Buffer[], seed: number): void {
  const random = seeded(seed)
  let acting = false
  const react = () => {
    // Also within events, but not within what these call.
    if (acting || random() < 0.5) return
    acting = true
    actAtRandom(tested, random)
    acting = false
  }
  const tested: Peer = peer({
    role,
    limits,
    holds: true,
    on: {
      headers: react,
      refused: react,
      data: react,
      trailers: react,
      drained: react,
      closed: react,
    },
  })
  for (let count = 0; role === 'client' && count < 3; count++) {
    const stream = tested.connection.openStream(listOfPairs(post), false, 'user')
    if (stream !== undefined) tested.streams.set(stream.id, stream)
  }
  for (const bytes of frames) {
    if (tested.connection.wantsRead) tested.connection.receive(bytes)
    actAtRandom(tested, random)
    if (random() < 0.5) tested.taken()
    expect(tested.connection.openStreams).toBeLessThanOrEqual(
      role === 'server' ? limits.streams : 100,
    )
    expect(tested.connection.pendingOutput).toBeLessThan(600_000)
  }
  tested.taken()
  expect(isOrderly(tested.happenings)).toBe(true)
  expect(tested.happenings.filter(([event]) => event === 'failed').length).toBeLessThan(2)
}

test.for(['server', 'client'] as const)(
  'a %s takes any frames, and any calls of its owner, without throwing, hanging or growing',
  (role) => {
    fc.assert(
      fc.property(frameSequences, fc.integer(), (frames, seed) => survives(role, frames, seed)),
      { numRuns: 500, seed: 20_260 },
    )
  },
)

test.for(['server', 'client'] as const)('a %s takes any bytes', (role) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer(), (bytes, seed) =>
      survives(role, [Buffer.from(bytes)], seed),
    ),
    { numRuns: 500, seed: 20_260 },
  )
})
