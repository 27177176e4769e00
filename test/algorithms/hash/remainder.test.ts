import { expect, test } from 'vitest'
import { remainder } from '../../../src/algorithms/hash/remainder.ts'
import { seeded } from '../../../src/kit/random.ts'

test('the remainder of a 64-bit hash is that of exact arithmetic, up to divisors of 2²⁶', () => {
  const random = seeded(1)
  const word = () => Math.floor(random() * 0x100000000) | 0
  const edges = [-1, 0, 1, 0x7fffffff, -0x80000000]
  for (const divisor of [1, 2, 3, 65_537, 5_000_011, 2 ** 26 - 5, 2 ** 26]) {
    const hashes = Array.from({ length: 2000 }, () => ({ high: word(), low: word() }))
    hashes.push(...edges.flatMap((high) => edges.map((low) => ({ high, low }))))
    const wrong = hashes.filter(({ high, low }) => {
      const exact = BigInt.asUintN(64, (BigInt(high) << 32n) | BigInt(low >>> 0))
      return remainder({ high, low, hash() {} }, divisor) !== Number(exact % BigInt(divisor))
    })
    expect(wrong).toEqual([])
  }
})
