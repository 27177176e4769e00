import { expect, test } from 'vitest'
import { answerHead, lastChunk } from '../../../../src/balancer/upstream/http2/response-to-http1.ts'

const text = (fields: readonly string[]) =>
  answerHead(fields, { ended: false, toHead: false }).octets.toString('latin1')

test('an answer says how it is framed', () => {
  expect(text([':status', '200', 'x', 'y'])).toBe(
    'HTTP/1.1 200 \r\nx: y\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n',
  )
  expect(text([':status', '200', 'content-length', '3'])).not.toMatch(/transfer-encoding/)
})

// Node leaves such fields out, or refuses them: this is for the day on which it does not.
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
] as const)('with %s it is no answer, and no trailer', ([, name, value]) => {
  expect(text([':status', '200', name, value])).toBe('\0')
  expect(lastChunk([name, value]).toString('latin1')).toBe('\0')
})

test.for(['', '20', '99', '600', '2000', '200 OK', '2x0'])('"%s" is no status', (status) => {
  expect(text([':status', status])).toBe('\0')
})
