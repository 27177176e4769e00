import type { Plan } from '../../plan/plan.ts'
import { distinctReasons } from '../../result/distinct-reasons.ts'
import type { Measurement } from '../../result/document.ts'
import type { FleetComparison, FleetSelftest } from '../../result/fleet-selftest.ts'
import { metrics } from '../../result/metrics.ts'
import { quantile } from '../../stats/estimates/quantile.ts'
import { decode } from '../../stats/histogram/histogram.ts'
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
      const base = quantile(
        pairs.map(([one]) => one),
        0.5,
      )
      const resolution =
        metric === 'latencyP50' ? typicalLateness(trials, pairing.base.name) : undefined
      const margin = Math.max(fleetMargin, floor(metric, pairs.length), (resolution ?? 0) / base)
      const { better } = metrics[metric]
      const known = { metric, base, ...(resolution !== undefined && { resolution }) }
      return [{ ...known, ...compare(pairs, { better, margin, covariate }) }]
    }),
  )
  return adjustFamily(found).map(({ metric, base, resolution, ratio, margin, outcome }) => ({
    ...{ metric, base, ratio, margin, outcome },
    ...(resolution !== undefined && { resolution }),
  }))
}

/** Median over the valid trials of an arm of the median lateness of its drivers, in seconds. */
function typicalLateness(trials: readonly Measurement[], arm: string): number {
  const medians = trials
    .filter(({ trial, verdict }) => trial.arm === arm && verdict.valid)
    .flatMap(({ lateness }) => (lateness === undefined ? [] : [decode(lateness)]))
    .map((late) => late.percentile(50) / 1e6)
  return medians.length === 0 ? 0 : quantile(medians, 0.5)
}
