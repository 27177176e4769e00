import { expect, test } from 'vitest'
import { errorCode } from '../../../src/http2/error-code.ts'
import { peer, summary } from './support/peer.ts'
import {
  block,
  data,
  flag,
  frame,
  get,
  goAway,
  headers,
  ok,
  ping,
  post,
  preface,
  rstStream,
  settings,
  settingsAck,
  type,
  windowUpdate,
  words,
} from './support/wire.ts'

const {
  protocolError,
  flowControlError,
  streamClosed,
  frameSizeError,
  compressionError,
  enhanceYourCalm,
} = errorCode

/** Input to a server whose handshake is done, and the code with which the connection must end. */
const forServer: readonly (readonly [rule: string, code: number, ...frames: Buffer[]])[] = [
  ['4.1 a frame larger than the maximum', frameSizeError, data(1, Buffer.alloc(16_385))],
  ['4.3 a broken header block', compressionError, frame(type.headers, 5, 1, Buffer.of(0x80))],
  [
    '4.3 a frame of another kind within a header block',
    protocolError,
    frame(type.headers, flag.endStream, 1, block(get)),
    ping,
  ],
  [
    '4.3 an unknown frame within a header block',
    protocolError,
    frame(type.headers, flag.endStream, 1, block(get)),
    frame(type.unknown, 0, 0),
  ],
  [
    '4.3 a frame of another stream within a header block',
    protocolError,
    frame(type.headers, flag.endStream, 1, block(get)),
    frame(type.continuation, flag.endHeaders, 3),
  ],
  ['5.1 DATA for an idle stream', protocolError, data(1, 'x')],
  ['5.1 RST_STREAM for an idle stream', protocolError, rstStream(1, 8)],
  ['5.1 WINDOW_UPDATE for an idle stream', protocolError, windowUpdate(1, 1)],
  ['5.1.1 an even stream from a client', protocolError, headers(2, get)],
  ['5.1.1 a stream below one that was opened', protocolError, headers(3, get), headers(1, get)],
  [
    '5.1 a stream that is opened again',
    streamClosed,
    headers(1, get),
    rstStream(1, 8),
    headers(1, get),
  ],
  ['5.1 DATA for a stream that was left out', streamClosed, headers(3, get), data(1, 'x')],
  ['6.1 DATA on stream 0', protocolError, data(0, 'x')],
  [
    '6.1 padding as long as its frame',
    protocolError,
    headers(1, post, 0),
    frame(type.data, flag.padded, 1, Buffer.of(1)),
  ],
  [
    '6.1 a padded frame without a length of padding',
    frameSizeError,
    headers(1, post, 0),
    frame(type.data, flag.padded, 1),
  ],
  ['6.2 HEADERS on stream 0', protocolError, headers(0, get)],
  [
    '6.2 padding longer than its frame',
    protocolError,
    frame(type.headers, 0x0d, 1, Buffer.of(2, 0x82)),
  ],
  [
    '6.2 a frame too short for its priority',
    frameSizeError,
    frame(type.headers, 0x25, 1, words(1)),
  ],
  ['6.3 PRIORITY on stream 0', protocolError, frame(type.priority, 0, 0, Buffer.alloc(5))],
  [
    '6.3 PRIORITY of a wrong length on an idle stream',
    frameSizeError,
    frame(type.priority, 0, 1, words(1)),
  ],
  ['6.4 RST_STREAM on stream 0', protocolError, rstStream(0, 8)],
  [
    '6.4 RST_STREAM of a wrong length',
    frameSizeError,
    headers(1, post, 0),
    frame(type.rstStream, 0, 1, Buffer.alloc(3)),
  ],
  ['6.5 SETTINGS on a stream', protocolError, frame(type.settings, 0, 1)],
  ['6.5 an acknowledgement with settings', frameSizeError, frame(type.settings, 1, 0, words(1, 2))],
  ['6.5 an acknowledgement of nothing', protocolError, settingsAck],
  ['6.5 SETTINGS of a wrong length', frameSizeError, frame(type.settings, 0, 0, words(1))],
  ['6.5.2 push neither on nor off', protocolError, settings([2, 2])],
  ['6.5.2 a window above 2^31 - 1', flowControlError, settings([4, 0x80000000])],
  ['6.5.2 frames below 16,384 bytes', protocolError, settings([5, 16_383])],
  ['6.5.2 frames above 2^24 - 1 bytes', protocolError, settings([5, 0x1000000])],
  ['RFC 8441, 3 extended CONNECT neither on nor off', protocolError, settings([8, 2])],
  ['RFC 8441, 3 extended CONNECT taken back', protocolError, settings([8, 1]), settings([8, 0])],
  ['6.6 PUSH_PROMISE', protocolError, frame(type.pushPromise, 4, 1, words(2))],
  ['6.7 PING on a stream', protocolError, frame(type.ping, 0, 1, Buffer.alloc(8))],
  ['6.7 PING of a wrong length', frameSizeError, frame(type.ping, 0, 0, words(1))],
  ['6.8 GOAWAY on a stream', protocolError, frame(type.goAway, 0, 1, words(0, 0))],
  ['6.8 GOAWAY that is too short', frameSizeError, frame(type.goAway, 0, 0, words(0))],
  ['6.8 GOAWAY with more streams than before', protocolError, goAway(0, 0), goAway(2, 0)],
  [
    '6.9 WINDOW_UPDATE of a wrong length',
    frameSizeError,
    frame(type.windowUpdate, 0, 0, words(1, 1)),
  ],
  ['6.9 WINDOW_UPDATE of 0 for the connection', protocolError, windowUpdate(0, 0)],
  [
    '6.9.1 a window of the connection above 2^31 - 1',
    flowControlError,
    windowUpdate(0, 0x7fffffff),
  ],
  [
    '6.9.2 a setting that makes a window too large',
    flowControlError,
    headers(1, post, 0),
    windowUpdate(1, 0x7fffffff - 65_535),
    settings([4, 65_536]),
  ],
  ['6.10 CONTINUATION without a header block', protocolError, frame(type.continuation, 4, 1)],
  ['6.10 CONTINUATION on stream 0', protocolError, frame(type.continuation, 4, 0)],
  [
    '10.5.1 a header block without end',
    enhanceYourCalm,
    frame(type.headers, 1, 1, Buffer.alloc(16_384)),
    ...Array.from({ length: 8 }, () => frame(type.continuation, 0, 1, Buffer.alloc(16_384))),
  ],
]

test.for(forServer)('RFC 9113, %s ends the connection', ([, code, ...frames]) => {
  const { send, news, connection } = peer()
  const answer = send(...frames)
  expect(summary(answer).at(-1)?.slice(0, 1)).toEqual([type.goAway])
  expect(answer.at(-1)?.payload.readUInt32BE(4)).toBe(code)
  const happened = news()
  expect(happened).toContainEqual(['failed', code])
  expect(happened.filter(([event]) => event === 'failed')).toHaveLength(1)
  // Nothing is read, said or reported any more.
  expect(send(ping, headers(101, get))).toEqual([])
  expect(news()).toEqual([])
  expect(connection.openStreams).toBe(0)
})

test.for([
  ['anything but the preface', 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n'],
  ['a preface that goes wrong at its end', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r '],
] as const)('RFC 9113, 3.4 %s ends the connection', ([, text]) => {
  const { send, news } = peer({ fresh: true })
  send(Buffer.from(text))
  expect(news()).toEqual([['failed', protocolError]])
})

test.for([
  ['server', ping],
  ['server', settingsAck],
  ['server', headers(1, get)],
  ['client', ping],
  ['client', settingsAck],
  ['client', headers(1, ok)],
] as const)(
  'RFC 9113, 3.4 the first frame that a %s receives must be SETTINGS',
  ([role, first]) => {
    const { send, news } = peer({ role, fresh: true })
    send(...(role === 'server' ? [preface] : []), first)
    expect(news()).toEqual([['failed', protocolError]])
  },
)

test.for([
  ['5.1.1 a stream that a server opens', protocolError, headers(2, ok)],
  ['5.1 HEADERS for an idle stream', protocolError, headers(1, ok)],
  ['6.5.2 push that a server allows', protocolError, settings([2, 1])],
  ['6.6 PUSH_PROMISE', protocolError, frame(type.pushPromise, 4, 1, words(2))],
] as const)('RFC 9113, %s ends the connection of a client', ([, code, ...frames]) => {
  const { send, news } = peer({ role: 'client' })
  send(...frames)
  expect(news()).toContainEqual(['failed', code])
})

test('a failure closes all streams, each once', () => {
  const { send, news } = peer()
  send(headers(1, post, 0), headers(3, get))
  news()
  send(ping.subarray(0, 9), Buffer.alloc(8), windowUpdate(0, 0))
  expect(news()).toEqual([
    ['closed', 1, 'connection', protocolError],
    ['closed', 3, 'connection', protocolError],
    ['failed', protocolError],
  ])
})

test('GOAWAY after an error names the last stream that was taken', () => {
  const { send } = peer()
  const answer = send(headers(5, get), windowUpdate(0, 0))
  expect(summary(answer)).toEqual([[type.goAway, 5, protocolError]])
})
