import { expect, test } from 'vitest'
import { requestBytes } from '../../../src/driver/lean/request-bytes.ts'

const plain = { method: 'GET', path: '/', bodyBytes: 0 } as const

test.each([
  [plain, 'http://a:81/ignored', 'GET / HTTP/1.1\r\nHost: a:81\r\n\r\n'],
  [{ ...plain, path: '/../x?y=[z]|' }, 'http://a/', 'GET /../x?y=[z]| HTTP/1.1\r\nHost: a\r\n\r\n'],
  [
    { ...plain, method: 'POST' as const },
    'http://a/',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
  ],
  [
    { ...plain, method: 'DELETE' as const, bodyBytes: 3 },
    'http://a/',
    'DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxxx',
  ],
  [
    { ...plain, method: 'PUT' as const, body: 'ü', headers: { 'X-Token': 't', HOST: 'other' } },
    'http://a/',
    'PUT / HTTP/1.1\r\nX-Token: t\r\nHOST: other\r\nContent-Length: 2\r\n\r\n\u00c3\u00bc',
  ],
  [plain, 'http://u:p%40@a/', 'GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic dTpwQA==\r\n\r\n'],
  [plain, 'http://u:1%@a/', 'GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic dToxJQ==\r\n\r\n'],
  [
    { ...plain, headers: { authorization: 'Bearer x' } },
    'http://u:p@a/',
    'GET / HTTP/1.1\r\nHost: a\r\nauthorization: Bearer x\r\n\r\n',
  ],
] as const)('%j to %s', (request, url, expected) => {
  expect(requestBytes(request, new URL(url)).toString('latin1')).toBe(expected)
})
