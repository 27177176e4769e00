import { expect, test } from 'vitest'
import { responsesDiffer } from '../../../src/experiment/run/responses-differ.ts'
import type { Reason } from '../../../src/result/reason.ts'
import type { FirstResponse } from '../../../src/targets/first-response.ts'

const bare: FirstResponse = {
  status: 200,
  httpVersion: '1.1',
  headers: { 'content-type': 'text/plain', 'content-length': '4', 'x-backend': '1' },
  body: Buffer.from('xxxx'),
}
const differs = (other: Partial<FirstResponse>) => responsesDiffer({ ...bare, ...other }, bare)

test('additional fields that identify the balancer are no difference', () => {
  const headers = { ...bare.headers, server: 'nginx', date: 'now', connection: 'keep-alive' }
  expect(differs({ headers })).toEqual([])
})

const field = (name: string, through: string, direct: string): Reason => ({
  code: 'response-field',
  values: { field: name, through, direct },
})

test.for<[Partial<FirstResponse>, Reason]>([
  [{ status: 502 }, field('status', '502', '200')],
  [{ httpVersion: '1.0' }, field('HTTP version', '1.0', '1.1')],
  [{ body: Buffer.from('xx') }, field('the body', '2 bytes', '4 bytes')],
  [{ body: Buffer.from('xxxy') }, { code: 'response-body', values: {} }],
  [
    { headers: { ...bare.headers, 'content-encoding': 'gzip' } },
    field('content-encoding', 'gzip', 'none'),
  ],
  [
    { headers: { ...bare.headers, 'content-type': 'text/html' } },
    field('content-type', 'text/html', 'text/plain'),
  ],
  [
    { headers: { ...bare.headers, 'set-cookie': ['a=1; Path=/'] } },
    field('set-cookie', 'a=[hidden]; Path=/', 'none'),
  ],
  [
    { headers: { ...bare.headers, 'transfer-encoding': 'chunked' } },
    field('framing', 'chunked', 'content-length'),
  ],
  [
    { headers: { ...bare.headers, connection: 'Close' } },
    field('the connection after the response', 'closed', 'kept open'),
  ],
])('%o is a difference', ([other, reason]) => {
  expect(differs(other)).toEqual([reason])
})
