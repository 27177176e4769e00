import { expect, test } from 'vitest'
import {
  emptyRequestHead,
  type RequestHead,
  readRequestHead,
} from '../../../src/balancer/http/request-head.ts'
import { emptyResponseHead, readResponseHead } from '../../../src/balancer/http/response-head.ts'

const fields = 50_000

/** Many fields of one name, behind a first line. */
function headOf(firstLines: string, line: string): Buffer {
  return Buffer.from(`${firstLines}\r\n${`${line}\r\n`.repeat(fields)}\r\n`, 'latin1')
}

/** Read anew for each of its fields, such a head would take minutes: the time limit of tests ends it. */
function readHead(line: string): RequestHead {
  const head = emptyRequestHead(fields + 10)
  const bytes = headOf('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade', line)
  expect(readRequestHead(head, bytes, 0)).toBe(bytes.length)
  return head
}

test('many Upgrade fields are read once', () => {
  expect(readHead('Upgrade: a').upgrade).toHaveLength(fields * 3 - 2)
})

test('h2c in any of many Upgrade fields is found', () => {
  const head = emptyRequestHead(10)
  const bytes = Buffer.from(
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n\r\n',
  )
  expect(readRequestHead(head, bytes, 0)).toBe(bytes.length)
  expect(head.upgrade).toBe('')
})

test.for([
  'TE: trailers',
  'X: a',
  'Connection: a',
  'Via: 1.1 a',
  'X-Forwarded-For: 192.0.2.1',
  'Forwarded: for=192.0.2.1',
  'Expect: 100-continue',
  'Max-Forwards: 5',
  'Trailer: a',
  'Content-Length: 0',
])('many fields "%s" are read once', (line) => {
  expect(readHead(line).method).toBe('GET')
})

test('many Upgrade fields of a 426 are read once', () => {
  const head = emptyResponseHead(fields + 10)
  const bytes = headOf('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0', 'Upgrade: a')
  expect(readResponseHead(head, bytes, { from: 0, toHead: false })).toBe(bytes.length)
  expect(head.upgrade).toHaveLength(fields * 3 - 2)
})
