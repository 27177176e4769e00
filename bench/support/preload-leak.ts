import type { Algorithm } from '../../src/algorithms/algorithm.ts'

/*
 * Preloaded into every process of lb: each request that the built balancer sends to a backend leaves LB_LEAK_NUMBERS numbers
 * behind, of 8 bytes each, in an array of its own: 56 bytes and 8 for each number.
 */
const numbers = Number(process.env.LB_LEAK_NUMBERS ?? 0)
const built = new URL('../../dist/src/algorithms/index.js', import.meta.url)
const { algorithms } = (await import(built.href)) as { algorithms: Algorithm[] }
const kept: number[][] = []

for (const algorithm of numbers > 0 ? algorithms : []) {
  const { picker } = algorithm
  const leaking: Algorithm['picker'] = (table, options) => {
    const made = picker(table, options)
    return {
      ...made,
      pick(choice) {
        kept.push(new Array<number>(numbers).fill(0.5))
        return made.pick(choice)
      },
    }
  }
  Object.assign(algorithm, { picker: leaking })
}
