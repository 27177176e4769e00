import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteBuffer } from '../../../../src/http/byte-buffer.ts'
import { neverIndex, newFieldList } from '../../../../src/http2/field-list.ts'
import { decodeBlock, limitTable, newHpackDecoder } from '../../../../src/http2/hpack/decoder.ts'
import {
  allowTable,
  encodeBlock,
  type HpackEncoder,
  newHpackEncoder,
} from '../../../../src/http2/hpack/encoder.ts'
import { decodeHuffman } from '../../../../src/http2/hpack/huffman-decode.ts'
import { huffmanBytes, writeHuffman } from '../../../../src/http2/hpack/huffman-encode.ts'
import { type FieldPairs, listOfPairs, pairsIn } from '../support/field-pairs.ts'

function encoded(encoder: HpackEncoder, pairs: FieldPairs): Buffer {
  const into = byteBuffer(16)
  encodeBlock(encoder, listOfPairs(pairs), into)
  return into.bytes.subarray(0, into.length)
}

test.for([
  ['authorization', 'Bearer abcdefghijklmnopqrstuvwxyz'],
  ['proxy-authorization', 'Basic YWJjZGVmZ2hpamtsbW5vcA=='],
  ['cookie', 'id=short'],
  ['set-cookie', 'id=abcdefghijklmnopqrstuvwxyz'],
] as const)('%s: %s is never indexed', (pair) => {
  const encoder = newHpackEncoder()
  const decoder = newHpackDecoder()
  const list = newFieldList()
  for (let time = 0; time < 2; time++) {
    const bytes = encoded(encoder, [pair])
    decodeBlock(decoder, { bytes, at: 0, end: bytes.length }, list)
    expect(list.sensitive[0]).toBe(1)
    expect(decoder.table.count).toBe(0)
  }
})

test('a field that was marked by its sender is never indexed', () => {
  const list = listOfPairs([['x-token', 'secret']])
  neverIndex(list)
  const into = byteBuffer(16)
  encodeBlock(newHpackEncoder(), list, into)
  expect((into.bytes[0] as number) & 0xf0).toBe(0x10)
})

test('a long cookie, and any other field, is a byte when it comes again', () => {
  const encoder = newHpackEncoder()
  const pairs = [
    ['cookie', 'session=0123456789abcdefghij'],
    ['x-other', 'value'],
  ] as const
  encoded(encoder, pairs)
  expect(encoded(encoder, pairs)).toHaveLength(2)
})

test('what hardly comes again does not evict what does', () => {
  const encoder = newHpackEncoder()
  encoded(encoder, [
    [':path', '/one'],
    ['content-length', '12345'],
    ['etag', '"abc"'],
    ['x-large', 'a'.repeat(3000)],
  ])
  expect(encoder.fields.table.count).toBe(0)
})

test('a new table size is announced with the smallest in between, once', () => {
  const encoder = newHpackEncoder()
  const decoder = newHpackDecoder()
  const pairs = [['x-one', 'value']] as const
  encoded(encoder, pairs)
  allowTable(encoder, 0)
  allowTable(encoder, 100)
  const bytes = encoded(encoder, pairs)
  expect(bytes.subarray(0, 3).toString('hex')).toBe('203f45')
  limitTable(decoder, 100)
  expect(decodeBlock(decoder, { bytes, at: 0, end: bytes.length }, newFieldList())).toBe(true)
  expect(encoded(encoder, pairs)).toHaveLength(1)
})

test('a table larger than the encoder wants is not used, and not announced', () => {
  const encoder = newHpackEncoder()
  allowTable(encoder, 1 << 20)
  expect(encoded(encoder, [[':method', 'GET']]).toString('hex')).toBe('82')
})

const byteStrings = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes))

test('any bytes survive Huffman coding', () => {
  fc.assert(
    fc.property(byteStrings, (bytes) => {
      const into = byteBuffer(4 * bytes.length + 1)
      writeHuffman(into, bytes, 0, bytes.length)
      expect(into.length).toBe(huffmanBytes(bytes, 0, bytes.length))
      const out = Buffer.alloc(2 * into.length + 1)
      const end = decodeHuffman(into.bytes, { from: 0, end: into.length, out, to: 0 })
      expect(out.subarray(0, Math.max(end, 0))).toEqual(bytes)
    }),
  )
})

const names = fc.constantFrom('a', 'x-one', 'cookie', ':path', 'etag', 'content-type', 'te', 'x-b')
const values = fc.oneof(
  fc.constantFrom('', 'value', 'other', '/'),
  byteStrings.map((bytes) => bytes.toString('latin1')),
  fc.integer({ min: 0, max: 5000 }).map((length) => 'v'.repeat(length)),
)
const blocks = fc.array(
  fc.record({
    tableSize: fc.option(fc.constantFrom(0, 31, 64, 100, 4096, 10_000), { nil: undefined }),
    fields: fc.array(fc.tuple(names, values), { maxLength: 12 }),
  }),
  { maxLength: 30 },
)

test('any blocks survive encoder and decoder, whatever sizes of table are set in between', () => {
  fc.assert(
    fc.property(blocks, (sequence) => {
      const encoder = newHpackEncoder()
      const decoder = newHpackDecoder()
      const list = newFieldList()
      for (const { tableSize, fields } of sequence) {
        if (tableSize !== undefined) {
          allowTable(encoder, tableSize)
          limitTable(decoder, tableSize)
        }
        const bytes = encoded(encoder, fields)
        expect(decodeBlock(decoder, { bytes, at: 0, end: bytes.length }, list)).toBe(true)
        expect(pairsIn(list)).toEqual(fields)
        expect(encoder.fields.table.size).toBe(decoder.table.size)
      }
    }),
  )
})
