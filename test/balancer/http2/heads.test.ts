import { expect, test } from 'vitest'
import { errorCode } from '../../../src/http2/error-code.ts'
import { type FieldPairs, listOfPairs } from './support/field-pairs.ts'
import { peer, summary } from './support/peer.ts'
import { block, data, flag, frame, get, headers, ok, post, type } from './support/wire.ts'

function without(name: string): FieldPairs {
  return get.filter(([other]) => other !== name)
}

function instead(name: string, value: string): FieldPairs {
  return get.map(([other, old]) => [other, other === name ? value : old] as const)
}

const connect = [
  [':method', 'CONNECT'],
  [':authority', 'example.com:443'],
] as const

const webSocket = [
  [':method', 'CONNECT'],
  [':protocol', 'websocket'],
  [':scheme', 'https'],
  [':path', '/chat'],
  [':authority', 'example.com'],
] as const

const malformed: readonly (readonly [rule: string, fields: FieldPairs])[] = [
  ['8.3.1 no method', without(':method')],
  ['8.3.1 no scheme', without(':scheme')],
  ['8.3.1 no path', without(':path')],
  ['8.3.1 neither authority nor host', without(':authority')],
  ['8.3.1 an empty path', instead(':path', '')],
  ['8.3.1 a path that does not start with a slash', instead(':path', 'index.html')],
  ['8.3.1 a path with a space', instead(':path', '/a b')],
  ['8.3.1 a path with a fragment', instead(':path', '/a#b')],
  ['8.3.1 a path beyond ASCII', instead(':path', '/é')],
  ['8.3.1 the asterisk without OPTIONS', instead(':path', '*')],
  ['8.3.1 an unknown scheme', instead(':scheme', 'ftp')],
  ['8.3.1 a method with a space', instead(':method', 'GET /')],
  ['8.3.1 an empty method', instead(':method', '')],
  ['8.3.1 user information', instead(':authority', 'user@example.com')],
  ['8.3.1 an empty authority', instead(':authority', '')],
  ['8.3.1 another host than the authority', [...get, ['host', 'example.org']]],
  ['8.3.1 two hosts', [...without(':authority'), ['host', 'a'], ['host', 'a']]],
  ['8.3 a pseudo-field twice', [[':path', '/'], ...get]],
  ['8.3 a pseudo-field behind a field', [...without(':path'), ['a', 'b'], [':path', '/']]],
  ['8.3 a pseudo-field of a response', [...get, [':status', '200']]],
  ['8.3 an unknown pseudo-field', [...get, [':unknown', 'a']]],
  ['8.5 CONNECT with a path', [...connect, [':path', '/']]],
  ['8.5 CONNECT without an authority', [[':method', 'CONNECT']]],
  ['RFC 8441, 4 extended CONNECT that was not allowed', webSocket],
  ['8.2.1 a capital in a name', [...get, ['Accept', 'x']]],
  ['8.2.1 a space in a name', [...get, ['a b', 'x']]],
  ['8.2.1 an empty name', [...get, ['', 'x']]],
  ['8.2.1 NUL in a value', [...get, ['a', 'x\0y']]],
  ['8.2.1 CR in a value', [...get, ['a', 'x\ry']]],
  ['8.2.1 LF in a value', [...get, ['a', 'x\ny']]],
  ['8.2.1 white space around a value', [...get, ['a', ' x']]],
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'].map(
    (name) => [`8.2.2 ${name}`, [...get, [name, 'x']]] as const,
  ),
  ['8.2.2 TE other than trailers', [...get, ['te', 'gzip']]],
  ['8.1.1 a length that is none', [...post, ['content-length', '+1']]],
  ['8.1.1 an empty length', [...post, ['content-length', '']]],
  ['8.1.1 two lengths', [...post, ['content-length', '1'], ['content-length', '2']]],
]

test.for(malformed)('RFC 9113, %s: refused, and reset without a response', ([, fields]) => {
  const { send, news } = peer()
  const answer = send(headers(1, fields, 0))
  expect(news()).toEqual([
    ['refused', 1, 'malformed'],
    ['closed', 1, 'self', errorCode.protocolError],
  ])
  expect(summary(answer)).toEqual([[type.rstStream, 1, errorCode.protocolError]])
})

test('a length without content is malformed', () => {
  const { send, news } = peer()
  send(headers(1, [...post, ['content-length', '1']]))
  expect(news()).toContainEqual(['refused', 1, 'malformed'])
})

const wellFormed: readonly (readonly [name: string, fields: FieldPairs])[] = [
  ['host in place of the authority', [...without(':authority'), ['host', 'example.com']]],
  ['the same host as the authority, in capitals', [...get, ['host', 'EXAMPLE.com']]],
  ['the asterisk of OPTIONS', [[':method', 'OPTIONS'], ...instead(':path', '*').slice(1)]],
  ['te: trailers', [...get, ['te', 'Trailers']]],
  ['cookie crumbs', [...get, ['cookie', 'a=1'], ['cookie', 'b=2']]],
  ['an empty value', [...get, ['a', '']]],
  ['a value beyond ASCII', [...get, ['a', 'é']]],
  ['the same length twice', [...get, ['content-length', '0'], ['content-length', '0']]],
  ['CONNECT', connect],
]

test.for(wellFormed)('a request with %s passes as it is', ([, fields]) => {
  const { send, news } = peer()
  send(headers(1, fields))
  expect(news()).toEqual([['headers', 1, fields, true]])
})

test('RFC 8441: extended CONNECT passes where it was allowed', () => {
  const { send, news } = peer({ extendedConnect: true })
  send(headers(1, webSocket, 0))
  expect(news()).toEqual([['headers', 1, webSocket, false]])
  send(
    headers(
      3,
      webSocket.filter(([name]) => name !== ':path'),
    ),
  )
  send(headers(5, [...get, [':protocol', 'websocket']]))
  expect(news().filter(([event]) => event === 'refused')).toHaveLength(2)
})

test('a refused request may be answered: its content is thrown away, and the stream reset without an error', () => {
  const { send, news, connection } = peer({
    on: {
      refused: (stream) => connection.sendHeaders(stream, listOfPairs([[':status', '400']]), true),
    },
  })
  const answer = send(headers(1, instead(':path', ''), 0), data(1, 'content'))
  expect(summary(answer)).toEqual([
    [type.headers, 1],
    [type.rstStream, 1, errorCode.noError],
  ])
  expect(news()).toEqual([
    ['refused', 1, 'malformed'],
    ['closed', 1, 'self', errorCode.noError],
  ])
})

test('a head that is too large is refused, with what of it fits; nothing is left out silently', () => {
  const { send, news } = peer({ limits: { headerList: 400 } })
  const large = [...get, ['a', 'b'.repeat(200)]] as const
  send(headers(1, large), headers(3, get))
  expect(news()).toEqual([
    ['refused', 1, 'too large'],
    ['closed', 1, 'self', errorCode.protocolError],
    ['headers', 3, get, true],
  ])
})

test('thousands of fields pass where their bytes do', () => {
  const { send, news } = peer()
  const many = [...get, ...Array.from({ length: 1500 }, (_, index) => ['a', `${index}`] as const)]
  send(headers(1, many))
  expect(news()).toEqual([['headers', 1, many, true]])
})

test('a header block may come in many frames, padded, with a priority', () => {
  const { send, news } = peer()
  const bytes = block(get)
  const start = Buffer.concat([
    Buffer.of(3),
    Buffer.alloc(5),
    bytes.subarray(0, 10),
    Buffer.alloc(3),
  ])
  send(
    frame(type.headers, flag.padded | flag.priority | flag.endStream, 1, start),
    frame(type.continuation, 0, 1, bytes.subarray(10, 12)),
    frame(type.continuation, flag.endHeaders, 1, bytes.subarray(12)),
  )
  expect(news()).toEqual([['headers', 1, get, true]])
})

test.for([['000'], ['099'], ['600'], ['999']])('status %s is reported', ([status]) => {
  const { connection, send, news } = peer({ role: 'client' })
  connection.openStream(listOfPairs(get), true, 'one')
  send(headers(1, [[':status', status as string]], 0), data(1, 'x', flag.endStream))
  expect(news()).toEqual([
    ['headers', 1, [[':status', status]], false],
    ['data', 1, 'x', true],
    ['closed', 1, 'complete', errorCode.noError],
  ])
})

test.for([['20'], ['2000'], ['2x0'], ['']])('status %s is malformed', ([status]) => {
  const { connection, send, news } = peer({ role: 'client' })
  connection.openStream(listOfPairs(get), true, 'one')
  send(headers(1, [[':status', status as string]]))
  expect(news()).toEqual([['closed', 1, 'self', errorCode.protocolError]])
})

test('interim responses, the final one and its trailers are reported in their order', () => {
  const { connection, send, news } = peer({ role: 'client' })
  connection.openStream(listOfPairs(get), true, 'one')
  const early = [
    [':status', '103'],
    ['link', '</a>'],
  ] as const
  send(
    headers(1, early, 0),
    headers(1, early, 0),
    headers(1, ok, 0),
    data(1, 'x'),
    headers(1, [['grpc-status', '0']]),
  )
  expect(news()).toEqual([
    ['headers', 1, early, false],
    ['headers', 1, early, false],
    ['headers', 1, ok, false],
    ['data', 1, 'x', false],
    ['trailers', 1, [['grpc-status', '0']]],
    ['closed', 1, 'complete', errorCode.noError],
  ])
})
