import { type Random, seeded } from '../../src/kit/random.ts'

/** Random choices. The same seed and number always give the same choices. */
export interface Dice {
  /** An integer from 0 to below `bound`. */
  below(bound: number): number
  of<One>(choices: readonly One[]): One
  /** True with this probability. */
  chance(probability: number): boolean
}

/** The choices of a case. */
export function diceFor(seed: number, number: number): Dice {
  const random: Random = seeded(Math.imul(seed, 0x9e3779b1) + number)
  const below = (bound: number) => Math.floor(random() * bound)
  return {
    below,
    of: (choices) => choices[below(choices.length)] as (typeof choices)[number],
    chance: (probability) => random() < probability,
  }
}

/** A loopback address of a case: the balancer adds it to requests, and no client can change that. */
export function addressOfCase(number: number): string {
  return `127.${1 + ((number >> 16) & 63)}.${(number >> 8) & 255}.${number & 255}`
}
