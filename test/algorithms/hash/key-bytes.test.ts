import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyBytes } from '../../../src/algorithms/hash/key-bytes.ts'

test('gives the bytes of TextEncoder, also for lone surrogates', () => {
  const encoder = new TextEncoder()
  const key = keyBytes()
  fc.assert(
    fc.property(fc.uint16Array({ maxLength: 400 }), (units) => {
      const text = String.fromCharCode(...units)
      key.read(text)
      expect(Buffer.compare(key.bytes.subarray(0, key.length), encoder.encode(text))).toBe(0)
    }),
  )
  for (const text of ['', 'é', '日本', '👍', 'a\ud800', '\udc00b', '\ud800\ud800\udc00']) {
    key.read(text)
    expect([...key.bytes.subarray(0, key.length)]).toEqual([...encoder.encode(text)])
  }
})

test('reuses its memory, and grows it only for a key that does not fit', () => {
  const key = keyBytes()
  key.read('a')
  const first = key.bytes
  key.read('b'.repeat(80))
  expect(key.bytes).toBe(first)
  key.read('日'.repeat(1000))
  expect(key.length).toBe(3000)
})
