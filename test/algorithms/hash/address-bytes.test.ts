import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressBytes, readAddress } from '../../../src/algorithms/hash/address-bytes.ts'

test.for([
  ['192.0.2.1', [192, 0, 2, 1]],
  ['255.255.255.255', [255, 255, 255, 255]],
  ['::', new Array(16).fill(0)],
  ['::1', [...new Array(15).fill(0), 1]],
  ['2001:db8::', [0x20, 1, 0xd, 0xb8, ...new Array(12).fill(0)]],
  ['2001:DB8:0:1:2:3:4:5', [0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5]],
  ['fe80::1%eth0', [0xfe, 0x80, ...new Array(13).fill(0), 1]],
  ['64:ff9b::192.0.2.33', [0, 0x64, 0xff, 0x9b, ...new Array(8).fill(0), 192, 0, 2, 33]],
] as const)('%s', ([text, bytes]) => {
  expect(read(text)).toEqual(bytes)
})

test('an IPv4-mapped IPv6 address is read as IPv4', () => {
  expect(read('::ffff:192.0.2.1')).toEqual([192, 0, 2, 1])
  expect(read('0:0:0:0:0:FFFF:c000:0201')).toEqual([192, 0, 2, 1])
})

test('agrees with node:net on which texts are addresses', () => {
  const almost = fc.string({
    unit: fc.constantFrom('0', '1', '9', 'f', '255', ':', '::', '.'),
    maxLength: 16,
  })
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), almost), (text) => {
      expect(read(text).length > 0).toBe(isIP(text) !== 0)
    }),
    { numRuns: 20_000 },
  )
})

test('reads an IPv6 address in any abbreviated form', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const { hostname } = new URL(`http://[${text}]/`)
      expect(read(text)).toEqual(read(hostname.slice(1, -1)))
    }),
  )
})

test.for([
  '',
  'localhost',
  '10.0.0',
  '10.0.0.256',
  '10.0.0.01',
  '1.2.3.4 ',
  '[::1]',
  ':::',
  '1::2::3',
  '1.2.3.4::',
  '1:2:3:4:5:6:7:8:9',
  '1::2:3:4:5:6:7:8',
])('"%s" is none', (text) => {
  expect(read(text)).toEqual([])
})

function read(text: string): number[] {
  return [...addressBytes.subarray(0, readAddress(text))]
}
