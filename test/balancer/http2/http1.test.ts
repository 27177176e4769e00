import { expect, test } from 'vitest'
import { emptyHead, readFields } from '../../../src/balancer/http/head.ts'
import { passing } from '../../../src/balancer/http/write-fields.ts'
import { copyHttp1Fields } from '../../../src/balancer/http2/copy-http1-fields.ts'
import { writeLastChunk } from '../../../src/balancer/http2/write-http1-fields.ts'
import { writeHttp1Request } from '../../../src/balancer/http2/write-http1-request.ts'
import { writeHttp1Response } from '../../../src/balancer/http2/write-http1-response.ts'
import { byteBuffer } from '../../../src/http/byte-buffer.ts'
import { field } from '../../../src/http/field.ts'
import { newFieldList } from '../../../src/http2/field-list.ts'
import { type FieldPairs, listOfPairs, pairsIn } from './support/field-pairs.ts'
import { peer } from './support/peer.ts'
import { flag, get, headers, ok, post } from './support/wire.ts'

/** A request that a server receives, in HTTP/1.1. */
function request(fields: FieldPairs, ended: boolean) {
  const into = byteBuffer(1)
  let chunked: boolean | undefined
  const { send } = peer({
    on: {
      headers(_, head, end) {
        chunked = writeHttp1Request(into, head, end)
      },
    },
  })
  send(headers(1, fields, ended ? flag.endStream : 0))
  return { text: into.bytes.toString('latin1', 0, into.length), chunked }
}

test('a request in HTTP/1.1 has its authority as Host, and its cookie in one field', () => {
  const fields = [
    ...get,
    ['cookie', 'a=1'],
    ['accept', '*/*'],
    ['cookie', 'b=2'],
    ['te', 'trailers'],
    ['x-value', 'é'],
  ] as const
  expect(request(fields, true)).toEqual({
    text: 'GET / HTTP/1.1\r\nHost: example.com\r\naccept: */*\r\nte: trailers\r\nx-value: é\r\ncookie: a=1; b=2\r\n\r\n',
    chunked: false,
  })
})

test('a request in HTTP/1.1 keeps Host where there is no authority', () => {
  const fields = [
    ...get.filter(([name]) => name !== ':authority'),
    ['host', 'example.org'],
  ] as const
  expect(request(fields, true).text).toBe('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n')
})

test('content of unknown length follows in the chunked coding', () => {
  expect(request(post, false)).toEqual({
    text: 'POST / HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n',
    chunked: true,
  })
})

test('content of a known length follows as it is', () => {
  const { text, chunked } = request([...post, ['content-length', '5']], false)
  expect(text).toBe('POST / HTTP/1.1\r\nHost: example.com\r\ncontent-length: 5\r\n\r\n')
  expect(chunked).toBe(false)
})

test('a request that could have content, and has none, says so', () => {
  expect(request(post, true).text).toContain('Content-Length: 0\r\n\r\n')
})

test('CONNECT gets a path, which the reader of HTTP/1.1 refuses', () => {
  const fields = [
    [':method', 'CONNECT'],
    [':authority', 'example.com:443'],
  ] as const
  expect(request(fields, true).text).toBe('CONNECT / HTTP/1.1\r\nHost: example.com:443\r\n\r\n')
})

/** A response that a client receives, in HTTP/1.1. */
function response(fields: FieldPairs, ended: boolean, toHead = false) {
  const into = byteBuffer(1)
  let chunked: boolean | undefined
  const { connection, send } = peer({
    role: 'client',
    on: {
      headers(_, head, end) {
        chunked = writeHttp1Response(into, head, { ended: end, toHead })
      },
    },
  })
  const method = [':method', toHead ? 'HEAD' : 'GET'] as const
  connection.openStream(listOfPairs([method, ...get.slice(1)]), true, 'user')
  send(headers(1, fields, ended ? flag.endStream : 0))
  return { text: into.bytes.toString('latin1', 0, into.length), chunked }
}

test.for([
  ['unknown length', ok, false, 'transfer-encoding: chunked\r\nconnection: close\r\n', true],
  ['no content', ok, true, 'content-length: 0\r\nconnection: close\r\n', false],
  [
    'known length',
    [...ok, ['content-length', '5']],
    false,
    'content-length: 5\r\nconnection: close\r\n',
    false,
  ],
] as const)('a response in HTTP/1.1 with %s', ([, fields, ended, lines, chunked]) => {
  expect(response(fields, ended)).toEqual({ text: `HTTP/1.1 200 OK\r\n${lines}\r\n`, chunked })
})

test('responses without content, and interim ones, have no framing', () => {
  expect(response([[':status', '204']], true).text).toBe(
    'HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n',
  )
  expect(response(ok, true, true).text).toBe('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n')
  const early = [
    [':status', '103'],
    ['link', '</a>'],
  ] as const
  expect(response(early, false)).toEqual({
    text: 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
    chunked: false,
  })
})

test('trailers follow the last chunk', () => {
  const into = byteBuffer(1)
  writeLastChunk(into, listOfPairs([['grpc-status', '0']]))
  expect(into.bytes.toString('latin1', 0, into.length)).toBe('0\r\ngrpc-status: 0\r\n\r\n')
})

test('fields of HTTP/1.1 are copied in lower case, except those of kinds that do not pass', () => {
  const head = emptyHead(10)
  readFields(head, Buffer.from('X-One: 1\r\nConnection: close\r\nDate: now\r\nx-Two:2\r\n\r\n'), 0)
  const list = newFieldList()
  copyHttp1Fields(list, head, passing(field.other, field.date))
  expect(pairsIn(list)).toEqual([
    ['x-one', '1'],
    ['date', 'now'],
    ['x-two', '2'],
  ])
})
