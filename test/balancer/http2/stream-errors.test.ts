import { expect, test } from 'vitest'
import { errorCode } from '../../../src/http2/error-code.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { type Peer, peer, summary } from './support/peer.ts'
import {
  data,
  flag,
  frame,
  get,
  headers,
  ok,
  post,
  rstStream,
  settings,
  type,
  windowUpdate,
  words,
} from './support/wire.ts'

const { noError, protocolError, flowControlError, streamClosed, frameSizeError, refusedStream } =
  errorCode

const counted = [...post, ['content-length', '5']] as const

/** Input to a server, and the code with which stream 1 must end while the connection goes on. */
const forServer: readonly (readonly [rule: string, code: number, ...frames: Buffer[]])[] = [
  ['5.1 DATA on a half-closed stream', streamClosed, headers(1, get), data(1, 'x')],
  ['5.1 HEADERS on a half-closed stream', streamClosed, headers(1, get), headers(1, [['a', 'b']])],
  [
    '6.3 PRIORITY of a wrong length',
    frameSizeError,
    headers(1, post, 0),
    frame(type.priority, 0, 1, words(1)),
  ],
  ['6.9 WINDOW_UPDATE of 0', protocolError, headers(1, post, 0), windowUpdate(1, 0)],
  [
    '6.9.1 a window above 2^31 - 1',
    flowControlError,
    headers(1, post, 0),
    windowUpdate(1, 0x7fffffff),
  ],
  [
    '8.1 trailers that do not end the stream',
    protocolError,
    headers(1, post, 0),
    headers(1, [['a', 'b']], 0),
  ],
  [
    '8.1 a pseudo-field in trailers',
    protocolError,
    headers(1, post, 0),
    headers(1, [[':path', '/']]),
  ],
  [
    '8.2.2 a connection field in trailers',
    protocolError,
    headers(1, post, 0),
    headers(1, [['upgrade', 'x']]),
  ],
  ['8.2.1 a capital in trailers', protocolError, headers(1, post, 0), headers(1, [['A', 'b']])],
  ['8.1.1 more content than its length', protocolError, headers(1, counted, 0), data(1, '123456')],
  [
    '8.1.1 less content than its length',
    protocolError,
    headers(1, counted, 0),
    data(1, '1234', flag.endStream),
  ],
  [
    '8.1.1 less content than its length, in parts',
    protocolError,
    headers(1, counted, 0),
    data(1, '12'),
    data(1, '34'),
    data(1, '', flag.endStream),
  ],
  [
    '8.1.1 less content than its length before trailers',
    protocolError,
    headers(1, counted, 0),
    data(1, '1234'),
    headers(1, [['a', 'b']]),
  ],
]

function goesOn({ send, news }: Peer): void {
  expect(send(headers(99, get))).toEqual([])
  expect(news()).toEqual([['headers', 99, get, true]])
}

test.for(forServer)('RFC 9113, %s ends the stream alone', ([, code, ...frames]) => {
  const tested = peer()
  const answer = tested.send(...frames)
  expect(summary(answer)).toEqual([[type.rstStream, 1, code]])
  expect(tested.news()).toContainEqual(['closed', 1, 'self', code])
  goesOn(tested)
})

test('RFC 9113, 6.9.1 more data than the window of a stream ends it alone', () => {
  const tested = peer({ limits: { streamWindow: 65_535 }, holds: true })
  const full = Array.from({ length: 4 }, () => data(1, Buffer.alloc(16_384)))
  const answer = tested.send(headers(1, post, 0), ...full)
  expect(summary(answer)).toContainEqual([type.rstStream, 1, flowControlError])
  tested.news()
  goesOn(tested)
})

test('content of exactly its length passes', () => {
  const { send, news } = peer()
  send(headers(1, counted, 0), data(1, '123'), data(1, '45', flag.endStream))
  expect(news()).toEqual([
    ['headers', 1, counted, false],
    ['data', 1, '123', false],
    ['data', 1, '45', true],
  ])
})

test('RFC 9113, 5.1.2 a stream that is one too many is refused, and may be tried again', () => {
  const { send, news, connection, streams } = peer({ limits: { streams: 1 } })
  expect(summary(send(headers(1, post, 0), headers(3, get)))).toEqual([
    [type.rstStream, 3, refusedStream],
  ])
  // Its header block was decoded, and frames that were on their way are ignored.
  expect(send(data(3, 'x'), windowUpdate(3, 1))).toEqual([])
  const stream = streams.get(1)
  if (stream !== undefined) connection.resetStream(stream, noError)
  news()
  send(headers(5, get))
  expect(news()).toEqual([['headers', 5, get, true]])
})

test('RFC 9113, 5.1 frames for a stream that this side has reset are ignored', () => {
  const { send, news, connection, streams, taken } = peer()
  send(headers(1, post, 0))
  const stream = streams.get(1)
  if (stream !== undefined) connection.resetStream(stream, errorCode.cancel)
  expect(summary(taken())).toEqual([[type.rstStream, 1, errorCode.cancel]])
  news()
  expect(send(data(1, 'x'), windowUpdate(1, 0), rstStream(1, 8), headers(1, [['a', 'b']]))).toEqual(
    [],
  )
  expect(news()).toEqual([])
})

test('RFC 9113, 5.1 frames for a stream that is complete end the connection', () => {
  const { send, news, connection, streams } = peer()
  send(headers(1, get))
  const stream = streams.get(1)
  if (stream !== undefined) connection.sendHeaders(stream, listOfPairs(ok), true)
  news()
  // These two may have been on their way.
  expect(send(windowUpdate(1, 1), rstStream(1, 8)).map(({ kind }) => kind)).toEqual([type.headers])
  send(data(1, 'x'))
  expect(news()).toEqual([['failed', streamClosed]])
})

test.for([
  ['8.1 DATA before the head', protocolError, data(1, 'x')],
  ['8.1 an interim response that ends the stream', protocolError, headers(1, [[':status', '103']])],
  ['8.3.2 no status', protocolError, headers(1, [['a', 'b']])],
  ['8.6 status 101', protocolError, headers(1, [[':status', '101']], 0)],
  ['8.1.1 content after HEAD', protocolError, headers(1, ok, 0), data(1, 'x')],
  [
    '8.1 HEADERS behind the head that do not end',
    protocolError,
    headers(1, ok, 0),
    headers(1, ok, 0),
  ],
  ['8.1.1 content with 204', protocolError, headers(1, [[':status', '204']], 0), data(1, 'x')],
] as const)('RFC 9113, %s ends the stream of a client alone', ([rule, code, ...frames]) => {
  const { connection, send, news, taken } = peer({ role: 'client' })
  const method = rule.includes('HEAD') ? 'HEAD' : 'GET'
  connection.openStream(listOfPairs([[':method', method], ...get.slice(1)]), true, 'one')
  connection.openStream(listOfPairs(get), true, 'two')
  taken()
  expect(summary(send(...frames))).toEqual([[type.rstStream, 1, code]])
  expect(news()).toContainEqual(['closed', 1, 'self', code])
  send(headers(3, ok))
  expect(news()).toContainEqual(['headers', 3, ok, true])
})

test.for([
  [
    'HEAD',
    'HEAD',
    [
      [':status', '200'],
      ['content-length', '5'],
    ],
  ],
  [
    '304',
    'GET',
    [
      [':status', '304'],
      ['content-length', '5'],
    ],
  ],
] as const)('a length without content passes in a response to %s', ([, method, response]) => {
  const { connection, send, news } = peer({ role: 'client' })
  connection.openStream(listOfPairs([[':method', method], ...get.slice(1)]), true, 'one')
  send(headers(1, response))
  expect(news()).toEqual([
    ['headers', 1, response, true],
    ['closed', 1, 'complete', noError],
  ])
})

test('a window that a setting makes smaller may be negative, and takes updates before data goes on', () => {
  const { connection, send, streams, taken } = peer()
  send(headers(1, get), settings([4, 10]))
  const stream = streams.get(1)
  if (stream === undefined) throw new Error('no stream')
  connection.sendHeaders(stream, listOfPairs(ok), false)
  connection.sendData(stream, Buffer.from('0123456789abc'), true)
  expect(
    taken().map(({ kind, payload }) => [kind, kind === type.data ? payload.length : 0]),
  ).toEqual([
    [type.headers, 0],
    [type.data, 10],
  ])
  // 10 bytes less: the window is −10.
  expect(summary(send(settings([4, 0]), windowUpdate(1, 10)))).toEqual([[type.settings, 0]])
  const last = send(windowUpdate(1, 3))
  expect(last.map(({ flags, payload }) => [flags, payload.toString()])).toEqual([
    [flag.endStream, 'abc'],
  ])
})
