import type { Random } from '../../../src/kit/random.ts'

/** A random source with given draws, each as the drawn number and the number of choices. */
export function scriptedRandom(
  ...draws: readonly (readonly [drawn: number, among: number])[]
): Random {
  const left = [...draws]
  return () => {
    const [drawn, among] = left.shift() ?? [0, 1]
    return (drawn + 0.5) / among
  }
}
