/** The last hash as two signed halves of 32 bits (`>>> 0` makes them unsigned). */
export interface Hash64 {
  readonly high: number
  readonly low: number
  /** Hashes the first `length` bytes. Allocates nothing. */
  hash(bytes: Uint8Array, length: number): void
}

/**
 * xxHash64 with a 64-bit seed: similar keys differ in all bits. Computed in halves of 32 bits, because a BigInt
 * would be allocated for each of some twenty steps.
 *
 * Collet, XXH64, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export function xxhash64(seedLow = 0, seedHigh = 0): Hash64 {
  const last = {
    high: 0,
    low: 0,
    hash(bytes: Uint8Array, length: number): void {
      set(seedHigh, seedLow)
      if (length >= 32) stripes(bytes, length)
      else add(0x27d4eb2f, 0x165667c5)
      add(0, length)
      rest(bytes, length)
      avalanche()
      last.high = high
      last.low = low
    },
  }
  return last
}

/** The word that the steps below work on. */
let high = 0
let low = 0

/** The four accumulators of the stripes, high half before low half. */
const lanes = new Int32Array(8)

/** Initial values of the accumulators, to which the seed is added: the sum of two primes, one prime, 0, minus one prime. */
const starts = Int32Array.of(
  ...[0x60ea27ee, 0xadc0b5d6, 0xc2b2ae3d, 0x27d4eb4f, 0, 0, 0x61c8864e, 0x7a143579],
)

/** Bits by which each accumulator is rotated before they are added up. */
const rotations = Int32Array.of(1, 7, 12, 18)

function set(toHigh: number, toLow: number): void {
  high = toHigh | 0
  low = toLow | 0
}

function add(otherHigh: number, otherLow: number): void {
  const sum = (low >>> 0) + (otherLow >>> 0)
  high = (high + otherHigh + (sum > 0xffffffff ? 1 : 0)) | 0
  low = sum | 0
}

function xor(otherHigh: number, otherLow: number): void {
  high ^= otherHigh
  low ^= otherLow
}

/** Rotates the word left by 1 to 31 bits. */
function rotate(bits: number): void {
  const oldHigh = high
  high = (high << bits) | (low >>> (32 - bits))
  low = (low << bits) | (oldHigh >>> (32 - bits))
}

function multiply(byHigh: number, byLow: number): void {
  // The upper half of low × byLow, from four products of 16 bits.
  const a = low >>> 16
  const b = low & 0xffff
  const c = byLow >>> 16
  const d = byLow & 0xffff
  const ad = Math.imul(a, d)
  const bc = Math.imul(b, c)
  const middle = (ad & 0xffff) + (bc & 0xffff) + (Math.imul(b, d) >>> 16)
  const carried = Math.imul(a, c) + (ad >>> 16) + (bc >>> 16) + (middle >>> 16)
  high = (Math.imul(high, byLow) + Math.imul(low, byHigh) + carried) | 0
  low = Math.imul(low, byLow)
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

/** One round of XXH64: adds the word to an accumulator, and leaves the result in the word. */
function round(accumulatorHigh: number, accumulatorLow: number): void {
  multiply(0xc2b2ae3d, 0x27d4eb4f)
  add(accumulatorHigh, accumulatorLow)
  rotate(31)
  multiply(0x9e3779b1, 0x85ebca87)
}

/** Hashes all complete stripes of 32 bytes; the word holds the seed before and the result after. */
function stripes(bytes: Uint8Array, length: number): void {
  const seedHigh = high
  const seedLow = low
  for (let lane = 0; lane < 4; lane++) {
    set(seedHigh, seedLow)
    add(starts[2 * lane] as number, starts[2 * lane + 1] as number)
    store(lane)
  }
  for (let at = 0; at + 32 <= length; at += 32) {
    for (let lane = 0; lane < 4; lane++) {
      set(word(bytes, at + 8 * lane + 4), word(bytes, at + 8 * lane))
      round(lanes[2 * lane] as number, lanes[2 * lane + 1] as number)
      store(lane)
    }
  }
  merge()
}

function store(lane: number): void {
  lanes[2 * lane] = high
  lanes[2 * lane + 1] = low
}

/** Merges the four lanes into one word. */
function merge(): void {
  let sumHigh = 0
  let sumLow = 0
  for (let lane = 0; lane < 4; lane++) {
    set(lanes[2 * lane] as number, lanes[2 * lane + 1] as number)
    rotate(rotations[lane] as number)
    add(sumHigh, sumLow)
    sumHigh = high
    sumLow = low
  }
  for (let lane = 0; lane < 4; lane++) {
    set(lanes[2 * lane] as number, lanes[2 * lane + 1] as number)
    round(0, 0)
    xor(sumHigh, sumLow)
    multiply(0x9e3779b1, 0x85ebca87)
    add(0x85ebca77, 0xc2b2ae63)
    sumHigh = high
    sumLow = low
  }
}

/** Hashes the bytes after the last complete stripe: eight at a time, then four, then one by one. */
function rest(bytes: Uint8Array, length: number): void {
  let at = length & ~31
  for (; at + 8 <= length; at += 8) {
    const sumHigh = high
    const sumLow = low
    set(word(bytes, at + 4), word(bytes, at))
    round(0, 0)
    xor(sumHigh, sumLow)
    rotate(27)
    multiply(0x9e3779b1, 0x85ebca87)
    add(0x85ebca77, 0xc2b2ae63)
  }
  if (at + 4 <= length) {
    mix(word(bytes, at), 0x9e3779b1, 0x85ebca87)
    rotate(23)
    multiply(0xc2b2ae3d, 0x27d4eb4f)
    add(0x165667b1, 0x9e3779f9)
    at += 4
  }
  for (; at < length; at++) {
    mix(bytes[at] as number, 0x27d4eb2f, 0x165667c5)
    rotate(11)
    multiply(0x9e3779b1, 0x85ebca87)
  }
}

/** Xors the word with `input` × a prime. */
function mix(input: number, primeHigh: number, primeLow: number): void {
  const sumHigh = high
  const sumLow = low
  set(0, input)
  multiply(primeHigh, primeLow)
  xor(sumHigh, sumLow)
}

function avalanche(): void {
  // The shifts by 33, 29 and 32 bits, each over the halves.
  low ^= high >>> 1
  multiply(0xc2b2ae3d, 0x27d4eb4f)
  xor(high >>> 29, (low >>> 29) | (high << 3))
  multiply(0x165667b1, 0x9e3779f9)
  low ^= high
}
