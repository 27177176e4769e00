import { expect, test } from 'vitest'
import { responsesDiffer } from '../../../src/experiment/run/responses-differ.ts'
import type { FirstResponse } from '../../../src/lab/first-response.ts'

const bare: FirstResponse = {
  status: 200,
  httpVersion: '1.1',
  headers: { 'content-type': 'text/plain', 'content-length': '4', 'x-backend': '1' },
  body: Buffer.from('xxxx'),
}
const differs = (other: Partial<FirstResponse>) => responsesDiffer({ ...bare, ...other }, bare)

test('an answer that says more of who passed it on is the same', () => {
  const headers = { ...bare.headers, server: 'nginx', date: 'now', connection: 'keep-alive' }
  expect(differs({ headers })).toEqual([])
})

test.for<[Partial<FirstResponse>, string]>([
  [{ status: 502 }, 'status: 502, not 200'],
  [{ httpVersion: '1.0' }, 'HTTP version: 1.0, not 1.1'],
  [{ body: Buffer.from('xx') }, 'length of the body: 2 bytes, not 4 bytes'],
  [{ body: Buffer.from('xxxy') }, 'its body has other bytes'],
  [
    { headers: { ...bare.headers, 'content-encoding': 'gzip' } },
    'content-encoding: gzip, not none',
  ],
  [
    { headers: { ...bare.headers, 'content-type': 'text/html' } },
    'content-type: text/html, not text/plain',
  ],
  [{ headers: { ...bare.headers, 'set-cookie': ['a=1'] } }, 'set-cookie: a=1, not none'],
  [
    { headers: { ...bare.headers, 'transfer-encoding': 'chunked' } },
    'framing: chunks, not a content-length',
  ],
  [
    { headers: { ...bare.headers, connection: 'Close' } },
    'after the answer, the connection: closes, not stays open',
  ],
])('%o is said', ([other, said]) => {
  expect(differs(other)).toEqual([said])
})
