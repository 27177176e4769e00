import { once } from 'node:events'
import { constants } from 'node:http2'
import { expect, test } from 'vitest'
import { startBalancer } from '../../../src/balancer/supervisor/balancer.ts'
import { balance, configFor, eventually } from '../support/balance.ts'
import { h2Client, responseOf } from '../support/h2-client.ts'
import {
  h2Frames,
  headers,
  lastData,
  openHeaders,
  settingsAck,
  windowSetting,
} from '../support/h2-frames.ts'
import { rawBackend } from '../support/raw-backend.ts'
import { recordingBackend } from '../support/recording-backend.ts'
import { slowPeer } from '../support/slow-peer.ts'

const request = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'lb.test'],
] as const
/** Less than a balancer buffers, so that it has read all of the response, and more than the window of a stream. */
const size = 60_000
const window = { initialWindowSize: 16_384 }

test('a response waits for a window longer than an idle connection may stay', async () => {
  await using backend = await recordingBackend((_, response) => response.end(Buffer.alloc(size)))
  const timeouts = { keepAlive: 0.1, linger: 0.1 }
  await using balancer = await balance([backend.port], { timeouts })
  await using client = await h2Client(balancer.port)
  client.session.settings(window)
  const stream = client.open({})
  await once(stream, 'response')
  await eventually(() => balancer.counts().answered === 1)
  await new Promise((resolve) => setTimeout(resolve, 600))
  const { code, body } = await responseOf(stream)
  expect([code, body.length]).toEqual([0, size])
})

test('a drain waits for a response that its client is slow to read', async () => {
  await using backend = await recordingBackend((_, response) => response.end(Buffer.alloc(size)))
  const timeouts = { drain: 10, linger: 0.1 }
  const balancer = await startBalancer(configFor([backend.port], { timeouts }))
  await using client = await h2Client(balancer.port)
  client.session.settings(window)
  const stream = client.open({})
  await once(stream, 'response')
  await eventually(() => balancer.counts().answered === 1)
  const stopped = balancer.stop()
  await once(client.session, 'goaway')
  await new Promise((resolve) => setTimeout(resolve, 600))
  const { code, body } = await responseOf(stream)
  expect([code, body.length]).toEqual([0, size])
  await stopped
})

test('a finished response of which a client takes nothing is reset after a time', async () => {
  await using backend = await recordingBackend((_, response) => response.end('abc'))
  await using balancer = await balance([backend.port], { timeouts: { idle: 0.1 } })
  await using client = await h2Frames(balancer.port)
  client.send(Buffer.concat([windowSetting(0), settingsAck, headers(1, request)]))
  expect(await client.outcome(1)).toBe(200)
  expect(await client.resetCode(1)).toBe(constants.NGHTTP2_CANCEL)
  await eventually(() => balancer.clients().length === 1)
})

test('interim responses wait for a client that does not read them, and are not heaped up', async () => {
  const hint = Buffer.from(`HTTP/1.1 103 Early Hints\r\nLink: ${'a'.repeat(8000)}\r\n\r\n`)
  let sent = 0
  await using backend = await rawBackend((socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(hint)) sent += hint.length
    }
    socket.on('drain', more)
    more()
  })
  await using balancer = await balance([backend.port], { timeouts: { firstByte: 1 } })
  await using client = await h2Frames(balancer.port)
  client.send(Buffer.concat([settingsAck, headers(1, request)]))
  client.socket.pause()
  // The time limit of the response ends it; until then the backend is read as far as the buffers go.
  await eventually(() => balancer.counts().failed[504] === 1)
  expect(sent).toBeLessThan(32 << 20)
})

test.for([
  ['a head', [openHeaders(1, request)]],
  ['trailers', [headers(1, [[':method', 'POST'], ...request.slice(1)], true), openHeaders(1, [])]],
] as const)('%s that do not end close the connection after timeouts.head', async ([, frames]) => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { timeouts: { head: 0.1 } })
  await using client = await h2Frames(balancer.port)
  client.send(Buffer.concat([settingsAck, ...frames]))
  expect(await client.goAwayCode()).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM)
  expect(balancer.counts().inFlight).toEqual([0])
  await eventually(() => balancer.clients().length === 0 && backend.open() === 0)
})

test('clients that leave within the trailers of their requests leave nothing behind', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  const post = [[':method', 'POST'], ...request.slice(1)] as const
  for (let turn = 0; turn < 50; turn++) {
    await using client = await h2Frames(balancer.port)
    const heads = [1, 3, 5].map((stream) => headers(stream, post, true))
    client.send(Buffer.concat([...heads, openHeaders(3, [['x-sum', 'a']])]))
    await eventually(() => balancer.counts().requests === 3 * (turn + 1))
    if (turn % 2 === 0) client.socket.resetAndDestroy()
  }
  await eventually(() => balancer.clients().length === 0 && backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ requests: 150, aborted: 150, inFlight: [0] })
})

test('SETTINGS that a client does not acknowledge close the connection', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { timeouts: { idle: 0.1 } })
  await using client = await h2Frames(balancer.port)
  client.send(headers(1, request))
  expect(await client.goAwayCode()).toBe(constants.NGHTTP2_SETTINGS_TIMEOUT)
})

test('a client that ignores GOAWAY is closed', async () => {
  await using backend = await recordingBackend()
  const timeouts = { keepAlive: 0.1, linger: 0.1 }
  await using balancer = await balance([backend.port], { timeouts })
  await using client = await h2Frames(balancer.port)
  client.send(Buffer.concat([settingsAck, headers(1, request)]))
  expect(await client.goAwayCode()).toBe(constants.NGHTTP2_NO_ERROR)
  await eventually(() => balancer.clients().length === 0)
})

test('a client that does not read its socket is reset after a time', async () => {
  await using backend = await recordingBackend((_, response) => response.end(Buffer.alloc(50_000)))
  await using balancer = await balance([backend.port], { timeouts: { idle: 0.3 } })
  await using client = await h2Frames(balancer.port)
  client.socket.pause()
  client.send(Buffer.concat([windowSetting(0x7fffffff), settingsAck]))
  const widen = Buffer.from([0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, 0, 0, 0])
  client.send(widen)
  for (let stream = 1; stream < 400; stream += 2) {
    client.send(headers(stream, request))
    if (stream % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await eventually(() => balancer.clients().length === 0)
  expect(balancer.counts().inFlight).toEqual([0])
})

test('a client that reads its socket slowly is not reset, until it reads nothing', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { timeouts: { idle: 0.2 } })
  await using client = await h2Frames(balancer.port)
  client.send(Buffer.concat([settingsAck, headers(1, request)]))
  expect(await client.outcome(1)).toBe(200)
  const [connection] = balancer.clients()
  if (connection === undefined) throw new Error('there is no connection')
  const peer = slowPeer(connection)
  client.send(headers(3, request))
  // Each time that it is asked a time limit is over.
  await eventually(() => peer.asked() >= 3)
  expect(balancer.clients()).toContain(connection)
  peer.stop()
  expect(await client.outcome(3)).toBe('reset')
  expect(balancer.clients()).toEqual([])
})

test('an error of the connection reaches a client that goes on sending for longer than it may linger', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { timeouts: { linger: 0.3 } })
  await using client = await h2Frames(balancer.port)
  client.socket.pause()
  // Data on a stream that was never opened: RFC 9113, section 5.1.
  for (let n = 0; n < 20; n++) {
    client.send(lastData(3, 'y'.repeat(1000)))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  client.socket.resume()
  expect(await client.goAwayCode()).toBe(constants.NGHTTP2_PROTOCOL_ERROR)
})
