/** Returns numbers uniformly distributed over [0, 1), like Math.random, but the same for the same seed. */
export type Random = () => number

/**
 * A seeded random number generator with 53 bits per number: xoshiro128** by Blackman and Vigna (ACM TOMS 47(4),
 * 2021), with its state filled from the seed by splitmix32. Does not allocate.
 */
export function seeded(seed: number): Random {
  let splitmixState = seed | 0
  const splitmix = (): number => {
    splitmixState = (splitmixState + 0x9e3779b9) | 0
    let z = splitmixState
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return z ^ (z >>> 16)
  }
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
