import { describe, expect, test } from 'vitest'
import { type ResponseReader, responseReader } from '../../../src/driver/lean/response-reader.ts'

/** The last reading of `text` read in pieces of `size` bytes, and how many of its bytes came before that. */
function read(reader: ResponseReader, text: string, size: number) {
  const bytes = Buffer.from(text, 'latin1')
  let at = 0
  let reading: string = 'partial'
  while (at < bytes.length && reading === 'partial') {
    const piece = bytes.subarray(at, at + size)
    reading = reader.read(piece, piece.length)
    at += piece.length
  }
  return { reading, taken: at }
}

const complete = {
  'with a length': 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'with an empty body': 'HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n',
  'without a reason phrase': 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n',
  'with the same length twice':
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx',
  'with chunks':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n',
  'with chunks and trailers':
    'HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: gzip, Chunked\r\n\r\n1 \r\na\r\n0\r\nA: b\r\nC: d\r\n\r\n',
  'after informational ones':
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'of status 204 in spite of a length': 'HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n',
  'of status 304 in spite of chunks':
    'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n',
}

describe.each(Object.entries(complete))('a response %s', (_, text) => {
  const pieces = [1, 2, 3, 7, text.length]
  test.each(pieces)('is complete at its last byte, in pieces of %i', (size) => {
    const reader = responseReader({ isHead: false })
    // Twice: the second response finds nothing left of the first.
    for (let i = 0; i < 2; i++) {
      expect(read(reader, text, size)).toEqual({ reading: 'complete', taken: text.length })
      expect(reader.keepAlive).toBe(true)
    }
  })
})

const invalid = {
  garbage: 'SSH-2.0',
  'another version': 'HTTP/2.0 200 OK\r\n\r\n',
  'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
  'a status below 100': 'HTTP/1.1 099 X\r\n\r\n',
  'line feeds alone': 'HTTP/1.1 200 OK\nContent-Length: 0\n\n',
  'a field without a colon': 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n',
  'a field without a name': 'HTTP/1.1 200 OK\r\n: x\r\n\r\n',
  'a space in a name': 'HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\nx',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
  'a negative length': 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  'a length that cannot be counted': `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(17)}\r\n\r\n`,
  'a length beside chunks':
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  'another protocol that nobody requested':
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
  'a chunk without a size': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n',
  'a chunk longer than its size':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n',
  'a size that cannot be counted': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'f'.repeat(14)}\r\n`,
}

test.each(Object.entries(invalid))('%s is invalid', (_, text) => {
  for (const size of [1, text.length]) {
    expect(read(responseReader({ isHead: false }), text, size).reading).toBe('invalid')
  }
})

test('a head without end is invalid, and not kept', () => {
  const reader = responseReader({ isHead: false })
  const field = `X: ${'x'.repeat(1020)}\r\n`
  const readings = [read(reader, 'HTTP/1.1 200 OK\r\n', 1000).reading]
  for (let i = 0; i < 100; i++) readings.push(read(reader, field, 2000).reading)
  expect(readings).toContain('invalid')
})

test('a response to HEAD has no body, whatever it announces', () => {
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'
  expect(read(responseReader({ isHead: true }), text, 8).reading).toBe('complete')
})

test('a response without a length ends with its connection', () => {
  const reader = responseReader({ isHead: false })
  expect(read(reader, 'HTTP/1.1 200 OK\r\n\r\nall that comes', 5).reading).toBe('partial')
  expect(reader.end()).toBe(true)
  expect(reader.keepAlive).toBe(false)
})

test.each([
  'HTTP/1.1 200 OK\r\nContent-Le',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n',
])('a response that is cut short is not complete: %j', (text) => {
  const reader = responseReader({ isHead: false })
  expect(read(reader, text, text.length).reading).toBe('partial')
  expect(reader.end()).toBe(false)
})

test.each([
  ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', false],
  ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: x, Close\r\n\r\n', false],
  ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: closed\r\n\r\n', true],
  ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
  ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n', true],
])('%j: the connection stays open: %s', (text, keepAlive) => {
  const reader = responseReader({ isHead: false })
  expect(read(reader, text, text.length).reading).toBe('complete')
  expect(reader.keepAlive).toBe(keepAlive)
})

test('bytes behind a response are excess', () => {
  const reader = responseReader({ isHead: false })
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n'
  expect(read(reader, text, text.length).reading).toBe('excess')
})
