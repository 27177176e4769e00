import { expect, test } from 'vitest'
import { ipHash } from '../../src/algorithms/ip-hash.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'

// nginx’s arithmetic, worked out by hand for three peers of weight 1.
test.for([
  ['127.0.0.1', 4040 % 3],
  ['10.0.0.1', 2565 % 3],
  ['192.168.1.77', 154 % 3],
  ['8.8.8.8', 3023 % 3],
  ['255.255.255.255', 5727 % 3],
] as const)('%s goes to backend %i of three', ([key, row]) => {
  expect(pickerHarness(ipHash, { weights: [1, 1, 1] }).pick({ key })).toBe(row)
})

test('all clients of an IPv4 /24 share a backend, as do loopback addresses', () => {
  const { pick } = pickerHarness(ipHash, { weights: [1, 1, 1, 1, 1] })
  const rows = Array.from({ length: 256 }, (_, host) => pick({ key: `127.0.0.${host}` }))
  expect(new Set(rows).size).toBe(1)
})

test('every byte of an IPv6 address counts', () => {
  const { pick } = pickerHarness(ipHash, { weights: new Array(50).fill(1) })
  const rows = Array.from({ length: 256 }, (_, host) =>
    pick({ key: `2001:db8::${host.toString(16)}` }),
  )
  expect(new Set(rows).size).toBe(50)
})

test('an IPv4 client with an IPv4-mapped IPv6 address goes to the same backend', () => {
  const { pick } = pickerHarness(ipHash, { weights: new Array(50).fill(1) })
  expect(pick({ key: '::ffff:10.1.2.3' })).toBe(pick({ key: '10.1.2.3' }))
})

test('networks are distributed by weight', () => {
  const { pick } = pickerHarness(ipHash, { weights: [3, 1] })
  let first = 0
  for (let net = 0; net < 65_536; net++) {
    if (pick({ key: `10.${net >> 8}.${net & 255}.1` }) === 0) first++
  }
  // The hash has 6,271 values; of those, 4,703 or 4,704 are 0, 1 or 2 modulo 4.
  expect(Math.abs(first / 65_536 - 3 / 4)).toBeLessThan(1 / 1000)
})

test('only the clients of a backend that is down move, and they return with it', () => {
  const { table, pick } = pickerHarness(ipHash, { weights: [1, 2, 3] })
  const keys = Array.from({ length: 1000 }, (_, net) => `10.${net >> 8}.${net & 255}.1`)
  const before = keys.map((key) => pick({ key }))
  table.eligible[1] = 0
  const during = keys.map((key) => pick({ key }))
  expect(during).not.toContain(1)
  expect(keys.map((key) => pick({ key }))).toEqual(during)
  during.forEach((row, at) => {
    if (before[at] !== 1) expect(row).toBe(before[at])
  })
  table.eligible[1] = 1
  expect(keys.map((key) => pick({ key }))).toEqual(before)
})

test('a retry goes to another backend', () => {
  const { pick } = pickerHarness(ipHash, { weights: [1, 1, 1] })
  expect(pick({ key: '10.0.0.1' })).toBe(0)
  // 2565 hashed on over 10, 0, 0: (2565·113³ + 10·113²) mod 6271 = 1753, and 1753 mod 3 = 1.
  expect(pick({ key: '10.0.0.1', tried: [0] })).toBe(1)
  expect(pick({ key: '10.0.0.1', tried: [0, 1, 2] })).toBe(-1)
})

test('requests whose key is not an address are distributed by weight', () => {
  const { pick } = pickerHarness(ipHash, { weights: [2, 1] })
  for (const key of ['', 'client-7']) {
    expect([1, 2, 3].map(() => pick({ key }))).toEqual([0, 1, 0])
  }
})

test('requests are distributed by weight after 21 hashes without an eligible backend', () => {
  const { pick } = pickerHarness(ipHash, { weights: [10_000_000, 1, 1], down: [0] })
  expect([1, 2, 3, 4].map(() => pick({ key: '10.0.0.1' }))).toEqual([1, 2, 1, 2])
})

test('the pick is −1 when all weights are 0', () => {
  expect(pickerHarness(ipHash, { weights: [0, 0] }).pick({ key: '10.0.0.1' })).toBe(-1)
})
