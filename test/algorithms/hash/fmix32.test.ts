import { expect, test } from 'vitest'
import { fmix32 } from '../../../src/algorithms/hash/fmix32.ts'
import { fnv1a } from '../../../src/algorithms/hash/fnv1a.ts'
import { seeded } from '../../../src/kit/random.ts'

test('MurmurHash3 of the empty string with seed 1, which is the finaliser alone, is the published value', () => {
  expect(fmix32(1) >>> 0).toBe(0x514e28b7)
  expect(fmix32(0)).toBe(0)
})

test('flipping one input bit flips half of the output bits', () => {
  const random = seeded(1)
  for (let bit = 0; bit < 32; bit++) {
    let turned = 0
    for (let draw = 0; draw < 1000; draw++) {
      const x = (random() * 2 ** 32) | 0
      turned += ones(fmix32(x) ^ fmix32(x ^ (1 << bit)))
    }
    // The average of 32,000 fair coins, 16 per draw, give or take 4 × √(32/4/1000) = 0.36.
    expect(Math.abs(turned / 1000 - 16)).toBeLessThan(0.36)
  }
})

test('the highest FNV-1a of ten backends is not uniform, and is uniform after the finaliser', () => {
  // Each share is binomial(100 000, 1/10): five standard deviations are 0.47 %.
  expect(Math.max(...strays((hash) => hash))).toBeGreaterThan(0.01)
  expect(Math.max(...strays((hash) => fmix32(hash) >>> 0))).toBeLessThan(0.0047)
})

/** How far each of ten backends is from a tenth of the keys when the largest hash of key and name wins. */
function strays(finish: (hash: number) => number): number[] {
  const shares = new Array<number>(10).fill(0)
  for (let key = 0; key < 100_000; key++) {
    let best = 0
    let top = -1
    for (let backend = 0; backend < 10; backend++) {
      const bytes = Buffer.from(`key-${key}10.0.0.${backend}:80`)
      const score = finish(fnv1a(bytes, bytes.length))
      if (score > top) [best, top] = [backend, score]
    }
    shares[best] = (shares[best] ?? 0) + 1 / 100_000
  }
  return shares.map((share) => Math.abs(share - 0.1))
}

function ones(bits: number): number {
  return [...(bits >>> 0).toString(2)].filter((bit) => bit === '1').length
}
