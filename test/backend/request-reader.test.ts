import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestReader } from '../../src/backend/request-reader.ts'

/** All events of a reader for `text`, received in pieces that end at `cuts`. */
function read(text: string, cuts: readonly number[] = []) {
  const reader = requestReader()
  const events: unknown[] = []
  const ends = [...cuts.map((cut) => cut % text.length), text.length].sort((a, b) => a - b)
  let start = 0
  for (const end of ends) {
    reader.feed(Buffer.from(text.slice(start, end), 'latin1'))
    start = end
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      events.push(next)
      if (typeof next === 'object' && 'status' in next) return events
    }
  }
  return events
}

const plain = { headOnly: false, keepAlive: true, expectsContinue: false, body: 0 }

test.for([
  ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', plain],
  ['GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', { ...plain, keepAlive: false }],
  ['GET / HTTP/1.1\r\nHost: a\r\nCONNECTION: x, Close\r\n\r\n', { ...plain, keepAlive: false }],
  ['GET / HTTP/1.0\r\n\r\n', { ...plain, keepAlive: false }],
  ['GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', plain],
  ['HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', { ...plain, headOnly: true }],
  ['POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc', { ...plain, body: 3 }],
  [
    'POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\nabc',
    { ...plain, body: 3, expectsContinue: true },
  ],
  [
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n',
    { ...plain, body: 'chunked' },
  ],
] as const)('reads %j', ([text, head]) => {
  expect(read(text)).toEqual([head, 'complete'])
})

test.for([
  ['a field without a colon', 'GET / HTTP/1.1\r\nHost\r\n\r\n', 400],
  ['whitespace before the colon', 'GET / HTTP/1.1\r\nContent-Length : 3\r\n\r\nabc', 400],
  ['a folded line', 'GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n', 400],
  ['another version', 'GET / HTTP/2.0\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc', 400],
  ['a length with a sign', 'POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc', 400],
  [
    'a length beside an encoding',
    'POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['an encoding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
  ['another encoding', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 501],
  ['a head without an end', `GET / HTTP/1.1\r\nA: ${'b'.repeat(70_000)}`, 431],
] as const)('refuses %s', ([, text, status]) => {
  expect(read(text)).toEqual([{ status }])
})

test.for([
  ['a size that is no number', 'x\r\n'],
  ['a chunk longer than its size', '2\r\nabc\r\n'],
  ['a line that ends without a carriage return', '3\nabc\r\n'],
])('refuses a chunked body with %s', ([, body]) => {
  const head = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'
  expect(read(head + body).at(-1)).toEqual({ status: 400 })
})

test('the events do not depend on where the bytes are cut, nor on requests before that are the same', () => {
  const texts = [
    '\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n',
    'POST /b HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789',
    'PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\nT: v\r\n\r\n',
    'HEAD /d HTTP/1.1\r\nConnection: close\r\n\r\n',
  ]
  const text = texts.map((one) => one.repeat(2)).join('')
  const uncut = read(text)
  expect(uncut).toEqual(texts.flatMap((one) => [...read(one), ...read(one)]))
  expect(uncut).toHaveLength(16)
  fc.assert(
    fc.property(fc.array(fc.nat()), (cuts) => {
      expect(read(text, cuts)).toEqual(uncut)
    }),
  )
})

test('buffers nothing of a long body', () => {
  const reader = requestReader()
  reader.feed(Buffer.from('POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n'))
  reader.next()
  for (let i = 0; i < 10; i++) {
    reader.feed(Buffer.alloc(100_000))
    expect(reader.next()).toBe(i === 9 ? 'complete' : undefined)
    expect(reader.pendingBytes).toBe(0)
  }
})
