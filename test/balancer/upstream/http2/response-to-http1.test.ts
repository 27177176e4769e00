import { expect, test } from 'vitest'
import {
  responseEnd,
  responseToHttp1,
} from '../../../../src/balancer/upstream/http2/response-to-http1.ts'

const text = (fields: readonly string[]) =>
  responseToHttp1(fields, { ended: false, toHead: false }).bytes.toString('latin1')

test('a response shows how it is framed', () => {
  expect(text([':status', '200', 'x', 'y'])).toBe(
    'HTTP/1.1 200 \r\nx: y\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n',
  )
  expect(text([':status', '200', 'content-length', '3'])).not.toMatch(/transfer-encoding/)
})

// Node omits such fields or refuses them; nothing depends on that.
test.for([
  ['CR', 'x', 'a\rb'],
  ['LF', 'x', 'a\nb'],
  ['NUL', 'x', 'a\0b'],
  ['a line end in a name', 'x: a\r\ny', 'b'],
  ['a space in a name', 'x ', 'a'],
  ['upper case', 'X', 'a'],
  ['no name', '', 'a'],
  ['a field of a connection', 'connection', 'close'],
  ['another coding', 'transfer-encoding', 'chunked'],
  ['a pseudo-header', ':status', '204'],
] as const)('with %s it is neither a response nor a trailer', ([, name, value]) => {
  expect(text([':status', '200', name, value])).toBe('\0')
  expect(responseEnd([name, value]).toString('latin1')).toBe('\0')
})

test.for(['', '20', '99', '600', '2000', '200 OK', '2x0'])('"%s" is no status', (status) => {
  expect(text([':status', status])).toBe('\0')
})
