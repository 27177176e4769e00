import { expect, test } from 'vitest'
import { errorCode } from '../../../src/http2/error-code.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { type Peer, type PeerOptions, peer, summary } from './support/peer.ts'
import { data, flag, frame, get, headers, ok, post, rstStream, type } from './support/wire.ts'

const kibibyte = 1024

/** A server with small windows, to which nothing is said of consuming unless a test does. */
function slow(options: PeerOptions = {}): Peer {
  return peer({
    holds: true,
    ...options,
    limits: {
      streamWindow: 128 * kibibyte,
      maxStreamWindow: 512 * kibibyte,
      unread: 512 * kibibyte,
      ...options.limits,
    },
  })
}

function uploads(stream: number, kibibytes: number): Buffer[] {
  return Array.from({ length: kibibytes / 16 }, () => data(stream, Buffer.alloc(16 * kibibyte)))
}

function streamOf({ streams }: Peer, id: number) {
  const stream = streams.get(id)
  if (stream === undefined) throw new Error(`stream ${id} was not opened`)
  return stream
}

test('data that is not consumed opens no window, neither of the stream nor of the connection', () => {
  const tested = slow()
  expect(tested.send(headers(1, post, 0), ...uploads(1, 128))).toEqual([])
})

test('the window of a stream opens as its data is consumed', () => {
  const tested = slow({ limits: { maxStreamWindow: 128 * kibibyte } })
  tested.send(headers(1, post, 0), ...uploads(1, 128))
  const stream = streamOf(tested, 1)
  tested.connection.consume(stream, 63 * kibibyte)
  expect(summary(tested.taken())).toEqual([])
  tested.connection.consume(stream, kibibyte)
  expect(summary(tested.taken())).toEqual([[type.windowUpdate, 1, 64 * kibibyte]])
})

test('a stream that nobody reads holds up no other', () => {
  const tested = slow()
  tested.send(headers(1, post, 0), ...uploads(1, 128), headers(3, post, 0))
  // Six times the window of the connection passes on the other stream.
  const other = streamOf(tested, 3)
  for (let round = 0; round < 48; round++) {
    tested.send(...uploads(3, 64))
    tested.connection.consume(other, 64 * kibibyte)
  }
  expect(tested.happenings.filter(([event]) => event === 'failed' || event === 'closed')).toEqual(
    [],
  )
})

test('all streams together never bring more than the limit of unread bytes', () => {
  const tested = slow()
  for (let stream = 1; stream < 9; stream += 2) {
    tested.send(headers(stream, post, 0), ...uploads(stream, 128))
  }
  tested.send(headers(9, post, 0))
  expect(tested.connection.openStreams).toBe(5)
  tested.send(data(9, 'x'))
  expect(tested.news()).toContainEqual(['failed', errorCode.flowControlError])
})

test('the window of an upload that is read as fast as it is sent grows to its limit at once', () => {
  const tested = peer({ limits: { streamWindow: 64 * kibibyte, maxStreamWindow: 256 * kibibyte } })
  tested.send(headers(1, post, 0))
  const updates: number[] = []
  for (let round = 0; round < 64; round++) {
    for (const [kind, stream, increment] of summary(tested.send(...uploads(1, 16)))) {
      if (kind === type.windowUpdate && stream === 1) updates.push((increment as number) / kibibyte)
    }
  }
  // A quarter of the default window, and what it grew by; then half of the largest.
  expect(updates.slice(0, 3)).toEqual([208, 128, 128])
  expect(new Set(updates.slice(1))).toEqual(new Set([128]))
})

test('the window of a response that is read as fast as it is sent grows in steps, up to its limit', () => {
  const tested = peer({
    role: 'client',
    limits: { streamWindow: 64 * kibibyte, maxStreamWindow: 256 * kibibyte },
  })
  tested.connection.openStream(listOfPairs(get), true, 'user')
  tested.send(headers(1, ok, 0))
  const updates: number[] = []
  for (let round = 0; round < 64; round++) {
    for (const [kind, stream, increment] of summary(tested.send(...uploads(1, 16)))) {
      if (kind === type.windowUpdate && stream === 1) updates.push((increment as number) / kibibyte)
    }
  }
  expect(updates.slice(0, 3)).toEqual([96, 192, 128])
})

test('a stream that is read more slowly than it is sent keeps the window that it had', () => {
  const tested = slow()
  tested.send(headers(1, post, 0), data(1, Buffer.alloc(100)))
  const stream = streamOf(tested, 1)
  let allowed = 128 * kibibyte - 100
  for (let round = 0; round < 16; round++) {
    tested.send(...uploads(1, 64))
    allowed -= 64 * kibibyte
    // The first 100 bytes are always left over.
    tested.connection.consume(stream, 64 * kibibyte)
    for (const [, id, increment] of summary(tested.taken())) {
      if (id === 1) allowed += increment as number
    }
    expect(allowed + 100).toBe(128 * kibibyte)
  }
})

test('padding counts in the windows, and as consumed', () => {
  const tested = slow({ limits: { streamWindow: 65_535, maxStreamWindow: 65_535 } })
  tested.send(headers(1, post, 0))
  const padded = Buffer.concat([Buffer.of(255), Buffer.from('x'), Buffer.alloc(255)])
  // 300 such frames have more than the window, though only 300 bytes of data.
  for (let count = 0; count < 300; count++) {
    tested.send(frame(type.data, flag.padded, 1, padded))
  }
  tested.send(frame(type.data, flag.padded | flag.endStream, 1, padded))
  expect(tested.happenings.at(-1)).toEqual(['data', 1, 'x', true])
})

test('data of a stream that was reset is given back to the connection', () => {
  const tested = slow()
  for (let id = 1; id < 200; id += 2) {
    tested.send(headers(id, post, 0), ...uploads(id, 128))
    if (id % 4 === 1) tested.send(rstStream(id, errorCode.cancel))
    else tested.connection.resetStream(streamOf(tested, id), errorCode.cancel)
    // What was on its way when this side reset the stream counts too.
    if (id % 4 === 3) tested.send(data(id, Buffer.alloc(16 * kibibyte)))
  }
  expect(tested.news().filter(([event]) => event === 'failed')).toEqual([])
})

test('data of a complete stream counts until it is consumed', () => {
  const tested = slow()
  const { connection } = tested
  for (let id = 1; id < 9; id += 2) {
    tested.send(headers(id, post, 0), ...uploads(id, 128), data(id, '', flag.endStream))
    connection.sendHeaders(streamOf(tested, id), listOfPairs(ok), true)
  }
  expect(connection.openStreams).toBe(0)
  tested.taken()
  for (let id = 1; id < 5; id += 2) connection.consume(streamOf(tested, id), 128 * kibibyte)
  expect(summary(tested.taken())).toEqual([[type.windowUpdate, 0, 256 * kibibyte]])
})
