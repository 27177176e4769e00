import { expect, test } from 'vitest'
import { errorCode } from '../../../src/http2/error-code.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { type Peer, type PeerOptions, peer, summary } from './support/peer.ts'
import {
  flag,
  get,
  headers,
  ok,
  post,
  settings,
  type,
  type WireFrame,
  windowUpdate,
} from './support/wire.ts'

const kibibyte = 1024
const trailers = listOfPairs([['grpc-status', '0']])

/** A server with a request on each stream, to which a response has begun. */
function answering(count: number, options: PeerOptions = {}, request = get): Peer {
  const tested = peer(options)
  for (let index = 0; index < count; index++) {
    const id = 2 * index + 1
    tested.send(headers(id, request, request === get ? flag.endStream : 0))
    tested.connection.sendHeaders(streamOf(tested, id), listOfPairs(ok), false)
  }
  tested.taken()
  tested.news()
  return tested
}

function streamOf({ streams }: Peer, id: number) {
  const stream = streams.get(id)
  if (stream === undefined) throw new Error(`stream ${id} was not opened`)
  return stream
}

function bytesOn(frames: readonly WireFrame[], id: number): number {
  return frames
    .filter(({ kind, stream }) => kind === type.data && stream === id)
    .reduce((sum, { payload }) => sum + payload.length, 0)
}

test('data goes out up to the window of its stream; the rest waits for a larger one', () => {
  const tested = answering(1)
  const { connection } = tested
  const stream = streamOf(tested, 1)
  expect(connection.sendData(stream, Buffer.alloc(80_000, 'a'), false)).toBe(false)
  expect(stream.queued).toBe(80_000 - 65_535)
  expect(bytesOn(tested.taken(), 1)).toBe(65_535)
  expect(bytesOn(tested.send(windowUpdate(1, 100_000)), 1)).toBe(0)
  expect(bytesOn(tested.send(windowUpdate(0, 10_000)), 1)).toBe(10_000)
  expect(tested.news()).toEqual([])
  expect(bytesOn(tested.send(windowUpdate(0, 10_000)), 1)).toBe(80_000 - 75_535)
  expect(tested.news()).toEqual([['drained', 1]])
  expect(stream.queued).toBe(0)
})

test('data is copied where it waits', () => {
  const tested = answering(1, { limits: { output: 1 } })
  const bytes = Buffer.from('before')
  tested.connection.sendData(streamOf(tested, 1), bytes, false)
  const more = Buffer.from('this waits')
  expect(tested.connection.sendData(streamOf(tested, 1), more, true)).toBe(false)
  more.fill('!')
  expect(Buffer.concat(tested.taken().map(({ payload }) => payload)).toString()).toBe(
    'beforethis waits',
  )
})

test('streams that wait take turns, a frame each', () => {
  const tested = answering(3)
  tested.send(settings([4, 1 << 20]))
  for (const id of [1, 3, 5]) {
    tested.connection.sendData(streamOf(tested, id), Buffer.alloc(100_000), true)
  }
  tested.taken()
  const turns = tested.send(windowUpdate(0, 6 * 16_384)).map(({ stream }) => stream)
  expect(turns.slice(0, 6)).toEqual([1, 3, 5, 1, 3, 5])
})

test('a stream does not overtake others that wait for the window of the connection', () => {
  const tested = answering(3)
  const { connection } = tested
  tested.send(settings([4, 1 << 20]))
  connection.sendData(streamOf(tested, 1), Buffer.alloc(100_000), true)
  tested.taken()
  // The window opens, but nothing was taken yet when the other stream has data.
  connection.receive(windowUpdate(0, 16_384))
  expect(connection.sendData(streamOf(tested, 3), Buffer.alloc(16_384), true)).toBe(false)
  expect(summary(tested.taken())).toEqual([[type.data, 1]])
  expect(summary(tested.send(windowUpdate(0, 16_384)))).toEqual([[type.data, 3]])
})

test('a stream without a window holds up no other', () => {
  const tested = answering(2)
  const { connection } = tested
  tested.send(settings([4, 0]), windowUpdate(3, 1000))
  connection.sendData(streamOf(tested, 1), Buffer.alloc(1000), true)
  connection.sendData(streamOf(tested, 3), Buffer.alloc(1000), true)
  const frames = tested.taken()
  expect([bytesOn(frames, 1), bytesOn(frames, 3)]).toEqual([0, 1000])
})

test('output is bounded: data waits with its stream while nobody takes it', () => {
  const tested = answering(1)
  const { connection } = tested
  tested.send(settings([4, 0x7fffffff]), windowUpdate(0, 0x7fffffff - 65_535))
  tested.news()
  const stream = streamOf(tested, 1)
  const bytes = Buffer.alloc(64 * kibibyte)
  let refusals = 0
  for (let count = 0; count < 10; count++)
    if (!connection.sendData(stream, bytes, false)) refusals++
  expect(refusals).toBe(9)
  expect(connection.pendingOutput).toBeLessThan(81 * kibibyte)
  expect(bytesOn(tested.taken(), 1)).toBe(10 * bytes.length)
  expect(tested.news()).toEqual([['drained', 1]])
})

test('an empty end of a message needs no window', () => {
  const tested = answering(1)
  tested.send(settings([4, 0]))
  tested.news()
  expect(tested.connection.sendData(streamOf(tested, 1), Buffer.alloc(0), true)).toBe(true)
  expect(tested.taken().map(({ kind, flags }) => [kind, flags])).toEqual([
    [type.data, flag.endStream],
  ])
  expect(tested.news()).toEqual([['closed', 1, 'complete', errorCode.noError]])
})

test('an end that comes behind data that waits goes out with the last of it', () => {
  const tested = answering(1)
  const { connection } = tested
  tested.send(settings([4, 5]))
  tested.news()
  connection.sendData(streamOf(tested, 1), Buffer.from('0123456789'), false)
  connection.sendData(streamOf(tested, 1), Buffer.alloc(0), true)
  tested.taken()
  const [last] = tested.send(windowUpdate(1, 100))
  expect([last?.payload.toString(), last?.flags]).toEqual(['56789', flag.endStream])
})

test('trailers wait for the data in front of them', () => {
  const tested = answering(1)
  const { connection } = tested
  tested.send(settings([4, 5]))
  tested.news()
  connection.sendData(streamOf(tested, 1), Buffer.from('0123456789'), false)
  connection.sendTrailers(streamOf(tested, 1), trailers)
  expect(summary(tested.taken())).toEqual([[type.data, 1]])
  expect(tested.send(windowUpdate(1, 100)).map(({ kind, flags }) => [kind, flags])).toEqual([
    [type.data, 0],
    [type.headers, flag.endStream | flag.endHeaders],
  ])
  expect(tested.news()).toEqual([['closed', 1, 'complete', errorCode.noError]])
})

test('RFC 9113, 8.1: a response that ends before its request is sent in full, trailers and all; then the request is stopped', () => {
  const tested = answering(1, {}, post)
  const { connection } = tested
  tested.send(settings([4, 5]))
  tested.news()
  connection.sendData(streamOf(tested, 1), Buffer.from('0123456789'), false)
  connection.sendTrailers(streamOf(tested, 1), trailers)
  connection.resetStream(streamOf(tested, 1), errorCode.noError)
  expect(summary(tested.taken())).toEqual([[type.data, 1]])
  expect(summary(tested.send(windowUpdate(1, 100)))).toEqual([
    [type.data, 1],
    [type.headers, 1],
    [type.rstStream, 1, errorCode.noError],
  ])
  expect(tested.news()).toEqual([['closed', 1, 'self', errorCode.noError]])
})

test('a reset with an error gives up what waits', () => {
  const tested = answering(1, {}, post)
  const { connection } = tested
  tested.send(settings([4, 5]))
  tested.news()
  connection.sendData(streamOf(tested, 1), Buffer.from('0123456789'), true)
  connection.resetStream(streamOf(tested, 1), errorCode.cancel)
  expect(summary(tested.taken())).toEqual([
    [type.data, 1],
    [type.rstStream, 1, errorCode.cancel],
  ])
  expect(tested.send(windowUpdate(1, 100))).toEqual([])
})

test('nothing is sent behind the end of a message, nor on a stream that has ended', () => {
  const tested = answering(1)
  const { connection } = tested
  const stream = streamOf(tested, 1)
  connection.sendData(stream, Buffer.from('x'), true)
  tested.taken()
  expect(connection.sendData(stream, Buffer.from('y'), true)).toBe(true)
  connection.sendHeaders(stream, listOfPairs(ok), false)
  connection.sendTrailers(stream, trailers)
  connection.resetStream(stream, errorCode.cancel)
  expect(tested.taken()).toEqual([])
})

test('a header section larger than a frame goes out in several, which the other side reads as one', () => {
  const large = [...ok, ['x-large', 'a\x80'.repeat(20_000)]] as const
  const tested = answering(1)
  tested.connection.sendHeaders(streamOf(tested, 1), listOfPairs(large), true)
  const frames = tested.taken()
  expect(frames.map(({ kind, flags }) => [kind, flags])).toEqual([
    [type.headers, flag.endStream],
    ...frames.slice(2).map(() => [type.continuation, 0]),
    [type.continuation, flag.endHeaders],
  ])
  expect(frames.every(({ payload }) => payload.length <= 16_384)).toBe(true)
})
