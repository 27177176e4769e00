import { expect, test } from 'vitest'
import { connectionFields } from '../../../src/balancer/http/connection-fields.ts'
import { emptyHead, readFields } from '../../../src/balancer/http/head.ts'
import {
  endOfChunks,
  fieldLines,
  fieldList,
  fieldsByName,
  notForwarded,
} from '../../../src/balancer/http/http2-fields.ts'

/** A head of HTTP/1.1 with these field lines. */
function headOf(...lines: readonly string[]) {
  const head = emptyHead(16)
  readFields(head, Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'), 0)
  return head
}

test.for([...connectionFields, 'te'])('"%s" is passed on neither to HTTP/2 nor from it', (name) => {
  const head = headOf('X: y', `${name}: a`)
  expect(fieldList(head, notForwarded)).toEqual(['x', 'y'])
  expect(Object.keys(fieldsByName(head))).toEqual(['x'])
  // TE has a value that HTTP/2 allows: its reader decides.
  expect(fieldLines(['x', 'y', name, 'a'])).toBe(name === 'te' ? 'x: y\r\nte: a\r\n' : undefined)
})

test('fields by name keep repeated ones apart, and inherit nothing', () => {
  const fields = fieldsByName(headOf('A: 1', 'b: 2', 'a: 3'))
  expect({ ...fields }).toEqual({ a: ['1', '3'], b: ['2'] })
  expect(fields.constructor).toBeUndefined()
})

test('the end of a chunked body has the trailers, unless one is malformed', () => {
  expect(endOfChunks([])?.toString()).toBe('0\r\n\r\n')
  expect(endOfChunks(['a', '1', 'b', '2'])?.toString()).toBe('0\r\na: 1\r\nb: 2\r\n\r\n')
  expect(endOfChunks(['a', '1\r\nb: 2'])).toBeUndefined()
})
