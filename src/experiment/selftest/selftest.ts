import { describeHost } from '../../host/describe-host.ts'
import { placementHost } from '../../lab/cores.ts'
import type { Plan } from '../../plan/plan.ts'
import type { MetricNoise, Selftest } from '../../result/selftest.ts'
import { readNoise, storeNoise } from '../../store/noise-store.ts'
import { type RunOptions, type RunWatcher, run } from '../run/run.ts'
import { hostFitness } from './host-fitness.ts'
import { selfNoise } from './self-noise.ts'

/** The selftest to run: a plan with two identical arms, and enough blocks for all its comparisons. */
export interface SelftestOptions {
  readonly plan: Plan
  readonly signal: AbortSignal
  readonly watcher: RunWatcher
  /** Runs one trial; with real processes by default, replaced in tests. */
  readonly runTrial?: NonNullable<RunOptions['runTrial']>
}

/**
 * Compares an arm with itself, repeatedly and through the same code as a real comparison: each difference found is a
 * false alarm. Stores the noise floor for later comparisons on this host, unless it cannot be trusted.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function selftest(options: SelftestOptions): Promise<Selftest> {
  const { plan, signal } = options
  const placing = await placementHost()
  const fitness = await hostFitness({ cpus: placing.cpus.length })
  const { trials } = await run({ ...options, host: placing })
  const noise = selfNoise(plan, trials)
  const notStored = signal.aborted ? 'interrupted' : untrustworthy(noise)
  const host = await describeHost(placing.available.count)
  return {
    fitness,
    noise,
    trials: trials.length,
    invalidTrials: trials.filter(({ verdict }) => !verdict.valid).length,
    stored: notStored === undefined ? await store(host.fingerprint, noise) : undefined,
    ...(notStored && { notStored }),
  }
}

function untrustworthy(noise: readonly MetricNoise[]): Selftest['notStored'] {
  if (noise.length === 0) return 'too few trials'
  return noise.every(({ trustworthy }) => trustworthy) ? undefined : 'too many false alarms'
}

/** Stores the measured floors, keeps those of other metrics, and returns the file. */
async function store(fingerprint: string, noise: readonly MetricNoise[]): Promise<string> {
  const stored = await readNoise(fingerprint)
  const measured = Object.fromEntries(noise.map(({ metric, floor }) => [metric, floor]))
  return storeNoise({
    format: 'lb-noise',
    version: 1,
    fingerprint,
    measuredAt: new Date().toISOString(),
    floors: { ...stored?.floors, ...measured },
  })
}
