import { expect, test } from 'vitest'
import { errorCode } from '../../../src/http2/error-code.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { type Peer, type PeerOptions, peer } from './support/peer.ts'
import {
  block,
  data,
  flag,
  frame,
  get,
  headers,
  ok,
  ping,
  post,
  rstStream,
  settings,
  type,
  windowUpdate,
  words,
} from './support/wire.ts'

const { enhanceYourCalm, cancel } = errorCode

interface Flood {
  readonly name: string
  /** What is sent before, and then again and again. */
  readonly before?: Buffer[]
  readonly flood: (round: number) => Buffer
  readonly options?: PeerOptions
}

const floods: readonly Flood[] = [
  {
    name: 'requests that are reset',
    flood: (round) =>
      Buffer.concat([headers(2 * round + 1, get, 0), rstStream(2 * round + 1, cancel)]),
  },
  {
    name: 'complete requests that are reset without an error',
    flood: (round) =>
      Buffer.concat([headers(2 * round + 1, get), rstStream(2 * round + 1, errorCode.noError)]),
  },
  {
    name: 'requests that make this side reset them',
    flood: (round) =>
      Buffer.concat([headers(2 * round + 1, post, 0), windowUpdate(2 * round + 1, 0)]),
  },
  {
    name: 'malformed requests',
    flood: (round) => headers(2 * round + 1, [['a', 'b']]),
  },
  {
    name: 'streams that are too many',
    options: { limits: { streams: 1 } },
    before: [headers(1, post, 0)],
    flood: (round) => headers(2 * round + 3, get),
  },
  { name: 'SETTINGS', flood: () => settings([4, 1000]) },
  { name: 'PING', flood: () => ping },
  {
    name: 'empty DATA',
    before: [headers(1, post, 0)],
    flood: () => data(1, ''),
  },
  {
    name: 'DATA of padding only',
    before: [headers(1, post, 0)],
    flood: () => frame(type.data, flag.padded, 1, Buffer.of(3, 0, 0, 0)),
  },
  {
    name: 'empty HEADERS and CONTINUATION',
    flood: (round) =>
      Buffer.concat([
        frame(type.headers, flag.endStream, 2 * round + 1),
        frame(type.continuation, flag.endHeaders, 2 * round + 1, block(get)),
      ]),
  },
  {
    name: 'PRIORITY',
    flood: () => frame(type.priority, 0, 1, Buffer.alloc(5)),
  },
  { name: 'frames of unknown types', flood: () => frame(type.unknown, 0, 0) },
  { name: 'WINDOW_UPDATE', flood: () => windowUpdate(0, 1) },
  {
    name: 'frames for a stream that has ended',
    before: [headers(1, post, 0), rstStream(1, cancel)],
    flood: () => rstStream(1, cancel),
  },
]

/** Sends a flood until the connection fails; returns after how many rounds. */
function roundsOf({ before = [], flood }: Flood, tested: Peer, most = 10_000): number {
  tested.send(...before)
  for (let round = 0; round < most; round++) {
    tested.send(flood(round))
    const failed = tested.happenings.find(([event]) => event === 'failed')
    if (failed !== undefined) {
      expect(failed).toEqual(['failed', enhanceYourCalm])
      return round
    }
  }
  return most
}

test.for(floods)('a flood of $name ends the connection', (flood) => {
  const rounds = roundsOf(flood, peer(flood.options))
  expect(rounds).toBeGreaterThan(50)
  expect(rounds).toBeLessThan(2100)
})

test.for(floods)('$name are taken while they come slowly', (flood) => {
  const tested = peer(flood.options)
  const slowly = {
    ...flood,
    flood(round: number) {
      tested.connection.replenish(1)
      return flood.flood(round)
    },
  }
  expect(roundsOf(slowly, tested, 3000)).toBe(3000)
})

test('refused requests that get a response are no flood', () => {
  const flood = {
    name: 'malformed requests',
    flood: (round: number) => headers(2 * round + 1, [['a', 'b']]),
  }
  const tested: Peer = peer({
    on: {
      refused: (stream) =>
        tested.connection.sendHeaders(stream, listOfPairs([[':status', '400']]), true),
    },
  })
  expect(roundsOf(flood, tested, 3000)).toBe(3000)
})

test('CONTINUATION frames of one header block are bounded, however small they are', () => {
  const { send, news } = peer()
  send(frame(type.headers, flag.endStream, 1, Buffer.of(0x82)))
  send(...Array.from({ length: 65 }, () => frame(type.continuation, 0, 1, Buffer.of(0x82))))
  expect(news()).toEqual([['failed', enhanceYourCalm]])
})

test('interim responses to one request are bounded', () => {
  const { connection, send, news } = peer({ role: 'client' })
  connection.openStream(listOfPairs(get), true, 'one')
  connection.openStream(listOfPairs(get), true, 'two')
  send(...Array.from({ length: 101 }, () => headers(1, [[':status', '103']], 0)))
  expect(news().at(-1)).toEqual(['closed', 1, 'self', enhanceYourCalm])
  send(headers(3, ok))
  expect(news()).toContainEqual(['closed', 3, 'complete', errorCode.noError])
})

test('a reader that takes a byte at a time is no abuse as long as it takes them', () => {
  const tested = peer()
  const { connection, send, streams } = tested
  send(settings([4, 0]), headers(1, get))
  const stream = streams.get(1)
  if (stream === undefined) throw new Error('no stream')
  connection.sendHeaders(stream, listOfPairs(ok), false)
  connection.sendData(stream, Buffer.alloc(60_000), true)
  // Windows of 1 KiB: 59 updates in all.
  for (let count = 0; count < 59; count++) send(windowUpdate(1, 1024))
  expect(tested.happenings.at(-1)).toEqual(['closed', 1, 'complete', errorCode.noError])
})

test('a peer that sends a PING for each frame of data is no flood', () => {
  const tested = peer()
  const { connection, send, streams } = tested
  send(headers(1, get), windowUpdate(0, 2 ** 30), windowUpdate(1, 2 ** 30))
  const stream = streams.get(1)
  if (stream === undefined) throw new Error('no stream')
  connection.sendHeaders(stream, listOfPairs(ok), false)
  for (let count = 0; count < 3000; count++) {
    connection.sendData(stream, Buffer.alloc(16), false)
    send(ping)
  }
  connection.sendData(stream, Buffer.alloc(16), true)
  expect(tested.happenings.at(-1)).toEqual(['closed', 1, 'complete', errorCode.noError])
})

test('updates of a byte each, that make a frame of each byte, are bounded', () => {
  const tested = peer()
  const { connection, send, streams, happenings } = tested
  send(settings([4, 0]), headers(1, get))
  const stream = streams.get(1)
  if (stream === undefined) throw new Error('no stream')
  connection.sendHeaders(stream, listOfPairs(ok), false)
  connection.sendData(stream, Buffer.alloc(60_000), true)
  for (let count = 0; count < 3000; count++) send(windowUpdate(1, 1))
  expect(happenings.at(-1)).toEqual(['failed', enhanceYourCalm])
})

test('output that nobody takes shows, and asks for nothing to be read', () => {
  const { connection } = peer({
    limits: { allowances: generous() },
  })
  const pings = Buffer.concat(Array.from({ length: 1000 }, () => ping))
  let reads = 0
  for (; connection.wantsRead && reads < 1000; reads++) connection.receive(pings)
  expect(connection.pendingOutput).toBeGreaterThan(256 * 1024)
  expect(connection.pendingOutput).toBeLessThan(256 * 1024 + 20_000)
  connection.takeOutput()
  expect(connection.wantsRead).toBe(true)
})

function generous() {
  const much = { burst: 1e9, perSecond: 0 }
  return {
    reset: much,
    settings: much,
    ping: much,
    empty: much,
    ignored: much,
    windowUpdate: much,
    closedStream: much,
  }
}

test('a header section or a frame that has begun shows, for a time limit', () => {
  const { connection, send } = peer()
  expect(connection.midHead).toBe(false)
  send(frame(type.headers, flag.endStream, 1, block(get)))
  expect(connection.midHead).toBe(true)
  send(frame(type.continuation, flag.endHeaders, 1))
  expect(connection.midHead).toBe(false)
  send(words(0).subarray(0, 3))
  expect(connection.midHead).toBe(true)
})
