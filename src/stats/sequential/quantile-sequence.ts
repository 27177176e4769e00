import { logMixtureRatio } from './proportion-sequence.ts'

/** The order statistics that bound a quantile at every sample size at once; ranks from 1, undefined where the sample sets no bound. */
export interface SequentialRanks {
  readonly lower: number | undefined
  readonly upper: number | undefined
}

/**
 * The order statistics of `n` independent values so far that bound their `p`-quantile (above 0, below 1), for any
 * distribution, at every n at once: the probability that it is ever outside is at most 1 − `confidence`. The number of
 * values up to the quantile is binomial, and these are the numbers that the confidence sequence of a proportion allows.
 *
 * Source: Howard and Ramdas, Bernoulli 28(3), 2022, theorem 1 with the beta-binomial bound.
 */
export function quantileSequence(n: number, p: number, confidence = 0.95): SequentialRanks {
  const bound = -Math.log(1 - confidence)
  const isAllowed = (count: number) => logMixtureRatio(count, n, p) < bound
  // The ratio falls down to the mode of the binomial distribution and rises beyond it.
  const mode = Math.min(n, Math.floor((n + 1) * p))
  if (!isAllowed(mode)) return { lower: undefined, upper: undefined }
  const least = edge(isAllowed, mode, 0)
  const largest = edge(isAllowed, mode, n)
  return {
    lower: least >= 1 ? least : undefined,
    upper: largest < n ? largest + 1 : undefined,
  }
}

/** The number nearest to `end` that is allowed; `inside` is allowed, and the allowed ones are in a row. */
function edge(isAllowed: (count: number) => boolean, inside: number, end: number): number {
  if (isAllowed(end)) return end
  let [allowed, refused] = [inside, end]
  while (Math.abs(refused - allowed) > 1) {
    const middle = Math.trunc((allowed + refused) / 2)
    if (isAllowed(middle)) allowed = middle
    else refused = middle
  }
  return allowed
}
