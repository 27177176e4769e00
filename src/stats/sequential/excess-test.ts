/** Evidence that the mean of fractions is above a limit. */
export interface ExcessTest {
  /** Adds the fraction of one block, 0 to 1. */
  add(fraction: number): void
  /** Whether the mean is above the limit, with a probability of a false alarm, whenever one looks, of at most α. */
  readonly isDecided: boolean
  /** Natural logarithm of the capital on the better of the two sequences: 0 at the start. */
  readonly logCapital: number
}

/** Fractions of the capital that are lost in a block without any excess, one for each bettor of a sequence. */
const stakes = [0.03, 0.06, 0.12, 0.25, 0.5, 0.9]

/**
 * A test, valid at any time, of whether the mean of fractions of consecutive blocks of requests is above `limit` (above
 * 0, below 1). Requests of one moment fail together, so a test that takes them as independent stops runs for a stall
 * that the whole run would have passed. This one assumes nothing within a block, and allows neighbouring blocks to depend on
 * each other: even and odd blocks are two sequences, each tested at α/2. On a sequence six bettors, with a sixth of the
 * capital each, stake a fixed fraction on values above the limit; where the mean is at most the limit, their capital is
 * a supermartingale, and ever reaches 2/α with a probability of at most α/2 (Ville).
 *
 * Source: Waudby-Smith and Ramdas, Journal of the Royal Statistical Society B 86(1), 2024: a grid of Kelly bets, one side;
 * time-uniform bounds from martingales: Howard, Ramdas, McAuliffe and Sekhon, Annals of Statistics 49(2), 2021.
 */
export function excessTest(limit: number, alpha: number): ExcessTest {
  const sequences = [sequence(limit), sequence(limit)] as const
  const wanted = Math.log(sequences.length / alpha)
  let blocks = 0
  let highest = Number.NEGATIVE_INFINITY
  const best = () => Math.max(...sequences.map((one) => one.logCapital()))
  return {
    add(fraction) {
      sequences[blocks % sequences.length]?.add(fraction)
      blocks++
      highest = Math.max(highest, best())
    },
    get isDecided() {
      return highest >= wanted
    },
    get logCapital() {
      return best()
    },
  }
}

/** The bettors on one sequence of fractions. */
function sequence(limit: number) {
  const logs = stakes.map(() => 0)
  return {
    add(fraction: number): void {
      for (const [i, stake] of stakes.entries()) {
        logs[i] = (logs[i] as number) + Math.log1p((stake / limit) * (fraction - limit))
      }
    },
    logCapital(): number {
      const largest = Math.max(...logs)
      const sum = logs.reduce((all, one) => all + Math.exp(one - largest), 0)
      return largest + Math.log(sum / logs.length)
    },
  }
}
