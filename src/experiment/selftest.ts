import { placementHost } from '../lab/cores.ts'
import { hostFitness } from '../meter/fitness.ts'
import type { Plan } from '../plan/plan.ts'
import { pairsEach } from '../plan/self-plan.ts'
import type { Measurement } from '../result/document.ts'
import { describeHost } from '../result/host.ts'
import { type MetricName, metrics } from '../result/metrics.ts'
import { storeNoise } from '../result/noise-store.ts'
import type { MetricNoise, Selftest } from '../result/selftest.ts'
import { type Comparison, compare } from '../stats/comparison.ts'
import { marginOn, noiseFloor } from '../stats/noise-floor.ts'
import { effectFound } from '../stats/precision.ts'
import { compared, pairings, pairsOf } from './pairs.ts'
import { type RunWatcher, run } from './run.ts'

/** A selftest to do: a plan whose two arms are the same, and enough blocks for all its comparisons. */
export interface SelftestOrder {
  readonly plan: Plan
  readonly signal: AbortSignal
  readonly watcher: RunWatcher
}

/**
 * Measures an arm against itself, again and again, through the very same code as a real comparison: each
 * difference that it finds is a false alarm. Keeps what it found for later comparisons on this host.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function selftest({ plan, signal, watcher }: SelftestOrder): Promise<Selftest> {
  const placing = await placementHost()
  const fitness = await hostFitness({ cpus: placing.cpus.length })
  const { trials } = await run({ plan, host: placing, signal, watcher })
  const noise = plan.phases.flatMap((phase) =>
    compared[phase].flatMap((metric) => noiseOf(plan, trials, { phase, metric })),
  )
  const sound = !signal.aborted && noise.length > 0 && noise.every(({ trustworthy }) => trustworthy)
  const host = await describeHost(placing.available.count)
  return {
    fitness,
    noise,
    trials: trials.length,
    invalidTrials: trials.filter(({ verdict }) => !verdict.valid).length,
    stored: sound ? await storeNoise(asNoise(host.fingerprint, noise)) : undefined,
  }
}

function asNoise(fingerprint: string, noise: readonly MetricNoise[]) {
  return {
    format: 'lb-noise' as const,
    version: 1 as const,
    fingerprint,
    measuredAt: new Date().toISOString(),
    floors: Object.fromEntries(noise.map(({ metric, floor }) => [metric, floor])),
  }
}

function noiseOf(
  plan: Plan,
  trials: readonly Measurement[],
  what: { readonly phase: Plan['phases'][number]; readonly metric: MetricName },
): MetricNoise[] {
  const found = selfComparisons(plan, trials, what)
  if (found.length === 0) return []
  const spread = Math.sqrt(found.reduce((sum, one) => sum + one.spread ** 2, 0) / found.length)
  const { comparisons, falseAlarms, mostAllowed, trustworthy, floor } = noiseFloor(found)
  return [
    {
      metric: what.metric,
      comparisons,
      falseAlarms,
      mostAllowed,
      trustworthy,
      floor,
      findable: effectFound(pairsEach, { spread }),
    },
  ]
}

/** One comparison from each run of `pairsEach` blocks; none shares a trial with another. */
function selfComparisons(
  plan: Plan,
  trials: readonly Measurement[],
  what: { readonly phase: Plan['phases'][number]; readonly metric: MetricName },
): Comparison[] {
  const { better } = metrics[what.metric]
  return pairings(plan).flatMap((pairing) => {
    const pairs = pairsOf(trials, pairing, what)
    return Array.from({ length: Math.floor(pairs.length / pairsEach) }, (_, i) =>
      compare(pairs.slice(i * pairsEach, (i + 1) * pairsEach), {
        better,
        margin: marginOn(undefined),
      }),
    )
  })
}
