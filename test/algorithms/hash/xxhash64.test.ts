import fc from 'fast-check'
import { expect, test } from 'vitest'
import { xxhash64 } from '../../../src/algorithms/hash/xxhash64.ts'

test.for([
  ['', 'ef46db3751d8e999'],
  ['a', 'd24ec4f1a98c6e5b'],
  ['Call me Ishmael. Some years ago--never mind how long precisely-', '02a2e85470d6fd96'],
] as const)('the hash of "%s" is the published one', ([text, hash]) => {
  expect(hex(Buffer.from(text))).toBe(hash)
})

/** The values that the reference implementation checks itself with: its buffer, by length and seed. */
test.for([
  [0, 0, 'ef46db3751d8e999'],
  [0, 0x9e3779b1, 'ac75fda2929b17ef'],
  [1, 0, 'e934a84adb052768'],
  [1, 0x9e3779b1, '5014607643a9b4c3'],
  [4, 0, '9136a0dca57457ee'],
  [14, 0, '8282dcc4994e35c8'],
  [14, 0x9e3779b1, 'c3bd6bf63deb6df0'],
  [222, 0, 'b641ae8cb691c174'],
  [222, 0x9e3779b1, '20cb8ab7ae10c14a'],
] as const)('%i bytes of the reference’s buffer with seed %i', ([length, seed, hash]) => {
  let state = 0x9e3779b1n
  const bytes = Uint8Array.from({ length }, () => {
    const byte = Number(state >> 56n)
    state = (state * 0x9e3779b185ebca8dn) & mask
    return byte
  })
  expect(hex(bytes, seed)).toBe(hash)
})

test('agrees with the specification in BigInt on any bytes and any seed', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 130 }),
      fc.bigInt({ min: 0n, max: mask }),
      (bytes, seed) => {
        const [low, high] = [Number(seed & 0xffffffffn), Number(seed >> 32n)]
        expect(hex(bytes, low, high)).toBe(specified(bytes, seed).toString(16).padStart(16, '0'))
      },
    ),
    { numRuns: 1000 },
  )
})

function hex(bytes: Uint8Array, seedLow = 0, seedHigh = 0): string {
  const hash = xxhash64(seedLow, seedHigh)
  hash.hash(bytes, bytes.length)
  return [hash.high, hash.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}

const mask = (1n << 64n) - 1n
const [p1, p2, p3, p4, p5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const

/** XXH64 straight from its specification. */
function specified(bytes: Uint8Array, seed: bigint): bigint {
  let rest = bytes
  let acc = (seed + p5) & mask
  if (bytes.length >= 32) {
    let lanes = [seed + p1 + p2, seed + p2, seed, seed - p1].map((lane) => lane & mask)
    for (; rest.length >= 32; rest = rest.subarray(32)) {
      const stripe = rest
      lanes = lanes.map((lane, i) => round(lane, little(stripe, 8 * i, 8)))
    }
    acc = lanes.reduce((sum, lane, i) => sum + left(lane, [1n, 7n, 12n, 18n][i] ?? 0n), 0n) & mask
    for (const lane of lanes) acc = ((acc ^ round(0n, lane)) * p1 + p4) & mask
  }
  acc = (acc + BigInt(bytes.length)) & mask
  for (; rest.length >= 8; rest = rest.subarray(8))
    acc = (left(acc ^ round(0n, little(rest, 0, 8)), 27n) * p1 + p4) & mask
  if (rest.length >= 4) {
    acc = (left(acc ^ ((little(rest, 0, 4) * p1) & mask), 23n) * p2 + p3) & mask
    rest = rest.subarray(4)
  }
  for (const byte of rest) acc = (left(acc ^ ((BigInt(byte) * p5) & mask), 11n) * p1) & mask
  acc = ((acc ^ (acc >> 33n)) * p2) & mask
  acc = ((acc ^ (acc >> 29n)) * p3) & mask
  return acc ^ (acc >> 32n)
}

function round(acc: bigint, lane: bigint): bigint {
  return (left((acc + lane * p2) & mask, 31n) * p1) & mask
}

function left(word: bigint, bits: bigint): bigint {
  return ((word << bits) | (word >> (64n - bits))) & mask
}

function little(bytes: Uint8Array, at: number, length: number): bigint {
  let word = 0n
  for (let i = length - 1; i >= 0; i--) word = (word << 8n) | BigInt(bytes[at + i] ?? 0)
  return word
}
