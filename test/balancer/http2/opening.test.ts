import { expect, test } from 'vitest'
import { createHttp2Connection } from '../../../src/http2/connection.ts'
import type { Http2Events } from '../../../src/http2/events.ts'
import { defaultLimits } from '../../../src/http2/limits.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { peer } from './support/peer.ts'
import {
  data,
  framesIn,
  get,
  headers,
  post,
  preface,
  settings,
  settingsAck,
  type,
} from './support/wire.ts'

/** Events of a connection that is only looked at. */
const silent = new Proxy({}, { get: () => () => undefined }) as Http2Events<string>

function settingsIn(payload: Buffer): [number, number][] {
  return Array.from({ length: payload.length / 6 }, (_, index) => [
    payload.readUInt16BE(6 * index),
    payload.readUInt32BE(6 * index + 2),
  ])
}

test('a server says its settings first, and opens the window of the connection', () => {
  const connection = createHttp2Connection({
    role: 'server',
    limits: defaultLimits,
    events: silent,
    extendedConnect: true,
  })
  const [first, second, ...others] = framesIn(connection.takeOutput())
  expect(first?.kind).toBe(type.settings)
  expect(settingsIn(first?.payload ?? Buffer.alloc(0))).toEqual([
    [4, defaultLimits.streamWindow],
    [6, defaultLimits.headerList],
    [3, defaultLimits.streams],
    [8, 1],
  ])
  expect([second?.kind, second?.stream, second?.payload.readUInt32BE(0)]).toEqual([
    type.windowUpdate,
    0,
    defaultLimits.unread - 65_535,
  ])
  expect(others).toEqual([])
})

test('a client says the preface before its settings, which forbid push', () => {
  const connection = createHttp2Connection({
    role: 'client',
    limits: defaultLimits,
    events: silent,
  })
  const output = connection.takeOutput()
  expect(output.subarray(0, preface.length)).toEqual(preface)
  const [first] = framesIn(output.subarray(preface.length))
  expect(settingsIn(first?.payload ?? Buffer.alloc(0))).toContainEqual([2, 0])
})

test('settings are acknowledged at once, and reported', () => {
  const { send, news, connection } = peer({ fresh: true })
  const answer = send(preface, settings([3, 7], [0xf0, 1]))
  expect(answer.map(({ kind, flags }) => [kind, flags])).toEqual([[type.settings, 1]])
  expect(news()).toEqual([['settings']])
  expect(connection.peerSettings.maxConcurrentStreams).toBe(7)
  expect(connection.acknowledged).toBe(false)
  send(settingsAck)
  expect(connection.acknowledged).toBe(true)
})

test('a client opens as many streams as the server takes, in ascending odd numbers', () => {
  const { connection, send, streams } = peer({ role: 'client' })
  expect(streams.size).toBe(0)
  send(settings([3, 2]))
  const opened = [1, 2, 3].map(() => connection.openStream(listOfPairs(get), true, 'user'))
  expect(opened.map((stream) => stream?.id)).toEqual([1, 3, undefined])
  expect(opened[0]?.user).toBe('user')
  expect(connection.hasRoom()).toBe(false)
})

test('a peer may use the window that it had before our settings until it acknowledges them', () => {
  const { send, news } = peer({ fresh: true, limits: { streamWindow: 1000 }, holds: true })
  send(preface, settings())
  send(headers(1, post, 0), ...dataOf(1, 65_535))
  expect(news().filter(([event]) => event === 'data')).toHaveLength(4)
  send(settingsAck, headers(3, post, 0), ...dataOf(3, 1000))
  expect(news().filter(([event]) => event === 'data')).toHaveLength(1)
  send(...dataOf(3, 1))
  expect(news()).toEqual([['closed', 3, 'self', 3]])
})

function dataOf(stream: number, bytes: number): Buffer[] {
  const frames: Buffer[] = []
  for (let left = bytes; left > 0; left -= 16_384) {
    frames.push(data(stream, Buffer.alloc(Math.min(left, 16_384))))
  }
  return frames
}
