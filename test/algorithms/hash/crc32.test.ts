import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from '../../../src/algorithms/hash/crc32.ts'

test('has the check value of ISO 3309', () => {
  expect(crc32(Buffer.from('123456789'), 9)).toBe(0xcbf43926)
})

test('agrees with zlib on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(crc32(bytes, bytes.length)).toBe(zlibCrc32(bytes))
    }),
  )
})

test('continues from the CRC of preceding bytes', () => {
  const before = crc32(Buffer.from('12345'), 5)
  expect(crc32(Buffer.from('6789'), 4, before)).toBe(0xcbf43926)
})
