import { randomInt } from 'node:crypto'

/** A seed for a run whose user gave none: an integer from 0 to 2³¹ − 1. */
export function newSeed(): number {
  return randomInt(2 ** 31)
}
