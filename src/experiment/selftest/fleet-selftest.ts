import type { Plan } from '../../plan/plan.ts'
import { distinctReasons } from '../../result/distinct-reasons.ts'
import type { Measurement } from '../../result/document.ts'
import type { FleetComparison, FleetSelftest } from '../../result/fleet-selftest.ts'
import { metrics } from '../../result/metrics.ts'
import { compare } from '../../stats/tests/comparison.ts'
import { adjustFamily } from '../../stats/tests/family.ts'
import { marginsOf } from '../findings/margins.ts'
import { pairings, pairsOf } from '../findings/pairs.ts'
import type { RunWatcher } from '../run/run.ts'
import type { Session } from '../run/session.ts'
import { type FleetTrialsOptions, fleetTrials } from './fleet-trials.ts'

/** The metrics of the target that a fleet must not change. */
const compared = ['latencyP50', 'cpuPerRequest'] as const

/** Change by a fleet that is reported as `same`, where the noise floor of the host is smaller. A judgement. */
export const fleetMargin = 0.1

/** Pairs from which a comparison has an interval. */
const minPairs = 3

/**
 * Compares one driver at a rate with a fleet that divides it, through the same code as every comparison of two arms.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function fleetSelftest(options: {
  readonly plan: Plan
  readonly session: Session
  readonly watcher: RunWatcher
  readonly warm?: FleetTrialsOptions['warm']
}): Promise<FleetSelftest> {
  const { plan, session } = options
  const trials = await fleetTrials(options)
  const invalid = trials.filter(({ verdict }) => !verdict.valid)
  return {
    drivers: Math.max(...plan.arms.map(({ drivers = 1 }) => drivers)),
    rate: plan.arrivals.rate ?? 0,
    comparisons: comparisonsOf(plan, trials, session),
    trials: trials.length,
    invalidTrials: invalid.length,
    reasons: distinctReasons(invalid.flatMap(({ verdict }) => verdict.reasons)),
    seed: plan.seed,
  }
}

function comparisonsOf(
  plan: Plan,
  trials: readonly Measurement[],
  { noise }: Pick<Session, 'noise'>,
): FleetComparison[] {
  const floor = marginsOf(noise)
  const found = pairings(plan).flatMap((pairing) =>
    compared.flatMap((metric) => {
      const { pairs, covariate } = pairsOf(trials, pairing, { phase: 'latency', metric })
      if (pairs.length < minPairs) return []
      const margin = Math.max(fleetMargin, floor(metric, pairs.length))
      return [{ metric, ...compare(pairs, { better: metrics[metric].better, margin, covariate }) }]
    }),
  )
  return adjustFamily(found).map(({ metric, ratio, margin, outcome }) => ({
    ...{ metric, ratio, margin, outcome },
  }))
}
