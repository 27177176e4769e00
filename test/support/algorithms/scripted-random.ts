import type { Random } from '../../../src/kit/random.ts'

/** Dice that fall as told: each draw is written as its number and how many there were to draw from. */
export function scriptedRandom(
  ...draws: readonly (readonly [drawn: number, among: number])[]
): Random {
  const left = [...draws]
  return () => {
    const [drawn, among] = left.shift() ?? [0, 1]
    return (drawn + 0.5) / among
  }
}
