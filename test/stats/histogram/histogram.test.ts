import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { UsageError } from '../../../src/kit/errors.ts'
import {
  decode,
  highestTrackable,
  histogram,
  merge,
} from '../../../src/stats/histogram/histogram.ts'

/** A histogram of the values given, encoded. */
function encoded(...values: readonly number[]): string {
  const recorded = histogram()
  for (const value of values) recorded.record(value)
  return recorded.encode()
}

test('percentiles come from merged times, not from averaged percentiles', () => {
  const fast = encoded(...Array.from({ length: 10_000 }, () => 1_000))
  const slow = encoded(...Array.from({ length: 10_000 }, () => 100_000))
  const merged = merge([...Array.from({ length: 9 }, () => fast), slow])
  expect(merged.count).toBe(100_000)
  expect(merged.percentile(90)).toBe(1_000)
  // Values are kept to 3 significant digits: the bucket of 100,000 µs is 64 µs wide.
  expect(merged.percentile(91)).toBeGreaterThanOrEqual(100_000)
  expect(merged.percentile(99)).toBeLessThan(100_064)
})

test('a freeze of 1 s in 10 s shows in the percentiles if each request is timed from its arrival', () => {
  const times = histogram()
  for (let due = 0; due < 10_000; due++) {
    // 1,000 requests a second; those due in the first second wait for its end, all take 1 ms.
    times.record((due < 1_000 ? 1_000 - due : 0) * 1_000 + 1_000)
  }
  // 501, 901 and 991 ms, to three digits.
  expect([95, 99, 99.9].map((percent) => Math.round(times.percentile(percent) / 1_000))).toEqual([
    501, 901, 991,
  ])
})

test('a rounding error of the count does not raise a percentile', () => {
  const two = decode(encoded(1, 2))
  expect(two.percentile(50)).toBe(1)
  expect(two.percentile(50.00000000000001)).toBe(1)
  expect(two.percentile(50.0000000000001)).toBe(2)
  const five = decode(encoded(1, 2, 2, 2, 2))
  expect(five.percentile(25)).toBe(2)
  expect(five.percentile(30)).toBe(2)
})

test('a histogram is equal after encoding and decoding', () => {
  const times = histogram()
  for (let i = 1; i <= 1_000; i++) times.record(i * i)
  const again = decode(times.encode())
  expect(again.encode()).toBe(times.encode())
  expect([again.count, again.min, again.max, again.mean, again.percentile(99)]).toEqual([
    times.count,
    times.min,
    times.max,
    times.mean,
    times.percentile(99),
  ])
})

test('times are rounded to whole microseconds', () => {
  expect(decode(encoded(1.4, 1.6)).percentile(100)).toBe(2)
  expect(decode(encoded(1.4, 1.6)).percentile(0)).toBe(1)
})

test('values out of bounds are recorded as the bound, counted, and never dropped', () => {
  const times = histogram()
  for (const value of [highestTrackable + 1, Number.POSITIVE_INFINITY, Number.NaN, -3, 7])
    times.record(value)
  expect(times.count).toBe(5)
  expect(times.clamped).toBe(4)
  expect(times.min).toBe(0)
  // Above 2,000 a bucket is at most a thousandth wide.
  expect(times.max / highestTrackable).toBeGreaterThanOrEqual(1)
  expect(times.max / highestTrackable).toBeLessThan(1.001)
})

test('the count of clamped values survives an addition', () => {
  const first = histogram()
  const second = histogram()
  second.record(-1)
  first.add(second)
  expect([first.count, first.clamped]).toEqual([1, 1])
})

test('an empty histogram has 0 everywhere, can be encoded, and adds nothing', () => {
  const empty = decode(histogram().encode())
  expect([empty.count, empty.mean, empty.min, empty.max, empty.percentile(99)]).toEqual([
    0, 0, 0, 0, 0,
  ])
  expect(merge([encoded(5), empty.encode()]).count).toBe(1)
  expect(merge([]).count).toBe(0)
})

test('reset empties a histogram', () => {
  const times = histogram()
  times.record(5)
  times.record(-5)
  times.reset()
  expect([times.count, times.clamped, times.max]).toEqual([0, 0, 0])
})

test('text that is no histogram is a usage error with a remedy', () => {
  for (const text of ['', 'hello', encoded(1, 2, 3).slice(0, 24), 'AAAAAAAAAAAAAAAA']) {
    expect(() => decode(text)).toThrow(UsageError)
  }
  expect(() => decode('hello')).toThrow('not an HDR histogram: hello')
})

/** Once 0 µs, three times 300 µs, in an older encoding; written from AbstractHistogram.java. */
function older(version: 'V0' | 'V1', wordBytes: 2 | 4 | 8): string {
  const header = Buffer.alloc(version === 'V0' ? 32 : 40)
  const cookie = (version === 'V0' ? 0x1c849308 : 0x1c849301) | (wordBytes << 4)
  header.writeInt32BE(cookie, 0)
  header.writeInt32BE(3, version === 'V0' ? 4 : 12)
  header.writeBigInt64BE(1n, version === 'V0' ? 8 : 16)
  header.writeBigInt64BE(3_600_000_000n, version === 'V0' ? 16 : 24)
  const counts = Buffer.alloc(301 * wordBytes)
  // Big-endian: the last byte of a word is its lowest.
  counts[wordBytes - 1] = 1
  counts[301 * wordBytes - 1] = 3
  const payload = deflateSync(Buffer.concat([header, counts]))
  const opening = Buffer.alloc(8)
  opening.writeInt32BE(cookie + 1, 0)
  opening.writeInt32BE(payload.length, 4)
  return Buffer.concat([opening, payload]).toString('base64')
}

test.for([
  ['V0', 2],
  ['V0', 8],
  ['V1', 2],
  ['V1', 4],
  ['V1', 8],
] as const)('reads the older encoding %s with counts of %i bytes', ([version, wordBytes]) => {
  const read = decode(older(version, wordBytes))
  expect([read.count, read.min, read.percentile(25), read.percentile(26), read.max]).toEqual([
    4, 0, 0, 300, 300,
  ])
})

/** A histogram with this header and these counts, as `encode` writes it. */
function packed(header: (bytes: Buffer) => void, counts: Buffer): string {
  const plain = Buffer.alloc(40)
  plain.writeInt32BE(0x1c849313, 0)
  plain.writeInt32BE(counts.length, 4)
  plain.writeInt32BE(3, 12)
  plain.writeBigInt64BE(1n, 16)
  plain.writeBigInt64BE(3_600_000_000n, 24)
  plain.writeDoubleBE(1, 32)
  header(plain)
  const payload = deflateSync(Buffer.concat([plain, counts]))
  const opening = Buffer.alloc(8)
  opening.writeInt32BE(0x1c849314, 0)
  opening.writeInt32BE(payload.length, 4)
  return Buffer.concat([opening, payload]).toString('base64')
}

const few = Buffer.from([2, 2])

test('a histogram of another program is read', () => {
  expect(decode(packed(() => {}, few)).count).toBe(2)
})

test.for<[string, (bytes: Buffer) => void, Buffer]>([
  ['inflates to more than a histogram has', () => {}, Buffer.alloc(64 * 2 ** 20)],
  [
    'has a range for which there is no memory',
    (h) => h.writeBigInt64BE(2n ** 62n, h.writeInt32BE(5, 12) + 8),
    few,
  ],
  ['has more digits than there are', (h) => h.writeInt32BE(9, 12), few],
  ['has no range', (h) => h.writeBigInt64BE(0n, 16), few],
])('one that %s is an error, and takes no memory', ([, header, counts]) => {
  expect(() => decode(packed(header, counts))).toThrow(UsageError)
})
