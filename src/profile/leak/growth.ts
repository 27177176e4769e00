import type { Estimate } from '../../stats/estimates/interval.ts'
import { meanInterval } from '../../stats/estimates/student-interval.ts'

/** One round: how many requests or connections there were since the round before, and the memory after them. */
export interface LeakRound {
  readonly count: number
  /** Memory in use after garbage collection, or resident memory, in bytes. */
  readonly bytes: number
}

/** How memory grows with the number of requests or connections. */
export interface Growth {
  /** Bytes for each request or connection, with its interval. */
  readonly perUnit: Estimate
  /** Rounds that it comes from. */
  readonly rounds: number
  /**
   * `leak`: the whole interval is above the threshold. `none`: it is below it. `inconclusive`: it is on both sides.
   */
  readonly outcome: 'leak' | 'none' | 'inconclusive'
}

/**
 * Growth above which it is a leak, in bytes: a request that leaves an object behind takes 16 bytes at least, those of an
 * empty object; a connection that is not freed takes some hundreds.
 */
export const leakThresholds = { requests: 16, connections: 256 } as const

/** Rounds at the begin that are left out: code is compiled in them, and pools and buffers grow to their size. */
export const warmupRounds = 5

/** Rounds from which growth can be estimated: two differences. */
const minRounds = 3

/**
 * The growth of memory from round to round: the mean of the differences, which is the slope that fits memory whose
 * noise adds up from round to round, as it does where buffers and compiled code come and go. Where noise does not add up,
 * the interval is wider than it need be. A single step makes the interval wide, and so is no leak. Undefined for too few
 * rounds.
 *
 * @param threshold growth above which it is a leak, in bytes
 */
export function growthOf(all: readonly LeakRound[], threshold: number): Growth | undefined {
  const rounds = all.slice(warmupRounds)
  if (rounds.length < minRounds) return undefined
  const differences = rounds.flatMap(({ bytes, count }, index) => {
    const before = rounds[index - 1]
    return before === undefined ? [] : [(bytes - before.bytes) / count]
  })
  const perUnit = meanInterval(differences)
  return { perUnit, rounds: rounds.length, outcome: outcomeOf(perUnit, threshold) }
}

function outcomeOf({ low, high }: Estimate, threshold: number): Growth['outcome'] {
  if (low > threshold) return 'leak'
  return high < threshold ? 'none' : 'inconclusive'
}
