import type { Measurement } from '../../result/document.ts'
import { failedRequests, requestsOf } from '../../result/failed-requests.ts'
import type { TurnedKnob } from '../../result/tune.ts'
import { minSignedRankP, signedRank } from '../../stats/tests/signed-rank.ts'

/** Fraction of the requests below which a difference does not matter. */
const matters = 0.001

/** Level at which a difference is taken for one. */
const level = 0.05

/** Arms to compare, and the number of comparisons of the run, by which the level is divided (Bonferroni). */
interface LostOptions {
  readonly base: string
  readonly arm: string
  readonly comparisons: number
}

/**
 * The fractions of requests without a 2xx response of two arms, block by block. Most often both are 0: that is the same.
 * Undefined where no block has both.
 */
export function lostRequests(
  trials: readonly Measurement[],
  { base, arm, comparisons }: LostOptions,
): TurnedKnob['lost'] {
  const own = byBlock(trials, arm)
  const pairs = [...byBlock(trials, base)].flatMap(([block, one]) => {
    const two = own.get(block)
    return two === undefined ? [] : [[one, two] as const]
  })
  if (pairs.length === 0) return undefined
  const mean = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length
  const shares = { default: mean(0), arm: mean(1) }
  if (minSignedRankP(pairs.length) > level) return { ...shares, outcome: 'too few trials' }
  const change = shares.arm - shares.default
  if (Math.abs(change) < matters) return { ...shares, outcome: 'same' }
  const { p } = signedRank(pairs.map(([one, two]) => two - one))
  if (p > level / comparisons) return { ...shares, outcome: 'inconclusive' }
  return { ...shares, outcome: change > 0 ? 'worse' : 'better' }
}

/** The last valid trial of each phase and block. */
function byBlock(trials: readonly Measurement[], arm: string): Map<string, number> {
  return new Map(
    trials
      .filter(({ trial, verdict }) => trial.arm === arm && verdict.valid)
      .map(({ trial, window }) => {
        const requests = requestsOf(window)
        return [
          `${trial.phase} ${trial.block}`,
          requests === 0 ? 0 : failedRequests(window) / requests,
        ]
      }),
  )
}
