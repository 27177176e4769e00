/** Returns numbers uniformly distributed over [0, 1), like Math.random, but the same for the same seed. */
export type Random = () => number

/**
 * A seeded random number generator with 53 bits per number: xoshiro128** by Blackman and Vigna (ACM TOMS 47(4),
 * 2021), with its state filled from the seed by splitmix32. Does not allocate.
 */
export function seeded(seed: number): Random {
  const splitmix = splitmix32(seed)
  let a = splitmix()
  let b = splitmix()
  let c = splitmix()
  let d = splitmix()

  const next = (): number => {
    const scrambled = Math.imul(b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = (d << 11) | (d >>> 21)
    // A signed word: unlike an unsigned one, it is never boxed on the heap.
    return result
  }
  return () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 0x20000000000000
}

/** Numbers of a block: few enough that a generator is small, enough that its state is rarely read and written. */
const blockSize = 64

/** The numbers of `seeded`, made in blocks: faster where thousands are drawn from one generator, slower for a few. */
export function seededInBlocks(seed: number): Random {
  const state = Int32Array.from({ length: 4 }, splitmix32(seed))
  const block = new Float64Array(blockSize)
  let at = blockSize
  return () => {
    if (at === blockSize) {
      fill(block, state)
      at = 0
    }
    return block[at++] as number
  }
}

/** The next numbers of xoshiro128**, of two words each; see `seeded`. */
function fill(block: Float64Array, state: Int32Array): void {
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let upper = 0
  for (let word = 0; word < 2 * blockSize; word++) {
    const scrambled = Math.imul(b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = (d << 11) | (d >>> 21)
    if ((word & 1) === 0) upper = result >>> 5
    else block[word >> 1] = (upper * 0x4000000 + (result >>> 6)) / 0x20000000000000
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
}

/** Words from a seed, to fill the state of a generator with. */
function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return z ^ (z >>> 16)
  }
}

/** The numbers 0 to n − 1 in a random order, each order equally likely (Fisher and Yates). */
export function shuffled(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i)
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const moved = order[last] as number
    order[last] = order[other] as number
    order[other] = moved
  }
  return order
}
