import { describeHost } from '../../host/describe-host.ts'
import { placementHost } from '../../lab/cores.ts'
import type { Plan } from '../../plan/plan.ts'
import type { MetricNoise, Selftest } from '../../result/selftest.ts'
import { readNoise, storeNoise } from '../../store/noise-store.ts'
import { type RunOptions, type RunWatcher, run } from '../run/run.ts'
import { hostFitness } from './host-fitness.ts'
import { selfNoise } from './self-noise.ts'

/** A selftest to do: a plan whose two arms are the same, and enough blocks for all its comparisons. */
export interface SelftestOptions {
  readonly plan: Plan
  readonly signal: AbortSignal
  readonly watcher: RunWatcher
  /** What runs one trial: real processes, unless a test knows better. */
  readonly runTrial?: NonNullable<RunOptions['runTrial']>
}

/**
 * Measures an arm against itself, again and again, through the very same code as a real comparison: each
 * difference that it finds is a false alarm. Keeps what it found for later comparisons on this host.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function selftest(options: SelftestOptions): Promise<Selftest> {
  const { plan, signal } = options
  const placing = await placementHost()
  const fitness = await hostFitness({ cpus: placing.cpus.length })
  const { trials } = await run({ ...options, host: placing })
  const noise = selfNoise(plan, trials)
  const sound = !signal.aborted && noise.length > 0 && noise.every(({ trustworthy }) => trustworthy)
  const host = await describeHost(placing.available.count)
  return {
    fitness,
    noise,
    trials: trials.length,
    invalidTrials: trials.filter(({ verdict }) => !verdict.valid).length,
    stored: sound ? await keep(host.fingerprint, noise) : undefined,
  }
}

/** Keeps what was found beside what is known of other metrics, and says where. */
async function keep(fingerprint: string, noise: readonly MetricNoise[]): Promise<string> {
  const known = await readNoise(fingerprint)
  const found = Object.fromEntries(noise.map(({ metric, floor }) => [metric, floor]))
  return storeNoise({
    format: 'lb-noise',
    version: 1,
    fingerprint,
    measuredAt: new Date().toISOString(),
    floors: { ...known?.floors, ...found },
  })
}
