import { readDoctorFacts } from '../../doctor/host/read-facts.ts'
import { examineHost } from '../../doctor/host/registry.ts'
import type { Plan } from '../../plan/plan.ts'
import type { MetricNoise, Selftest } from '../../result/selftest.ts'
import { storeNoise } from '../../store/noise-store.ts'
import { type RunWatcher, run } from '../run/run.ts'
import type { Session } from '../run/session.ts'
import { selfNoise } from './self-noise.ts'

/** The selftest to run: a plan with two identical arms, and enough blocks for all its comparisons. */
export interface SelftestOptions {
  readonly plan: Plan
  readonly session: Session
  readonly watcher: RunWatcher
}

/**
 * Compares an arm with itself, repeatedly and through the same code as a real comparison: each difference found is a
 * false alarm. Stores the noise floor for later comparisons on this host, unless it cannot be trusted.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function selftest(options: SelftestOptions): Promise<Selftest> {
  const { plan, session } = options
  const { connections, backends } = plan
  const asked = { connections, backends: backends.length, keepAlive: true }
  const fitness = examineHost(await readDoctorFacts(), asked)
  const { trials } = await run(options)
  const noise = selfNoise(plan, trials)
  const notStored = session.signal.aborted ? 'interrupted' : untrustworthy(noise)
  return {
    fitness,
    noise,
    trials: trials.length,
    invalidTrials: trials.filter(({ verdict }) => !verdict.valid).length,
    seed: plan.seed,
    stored: notStored === undefined ? await store(session, noise) : undefined,
    ...(notStored && { notStored }),
  }
}

function untrustworthy(noise: readonly MetricNoise[]): Selftest['notStored'] {
  if (noise.length === 0) return 'too few trials'
  return noise.every(({ trustworthy }) => trustworthy) ? undefined : 'too many false alarms'
}

/** Stores the measured floors, keeps those of other metrics, and returns the file. */
async function store(
  { host, noise: stored }: Session,
  noise: readonly MetricNoise[],
): Promise<string> {
  const measured = Object.fromEntries(noise.map(({ metric, floor }) => [metric, floor]))
  return storeNoise({
    format: 'lb-noise',
    version: 1,
    fingerprint: host.fingerprint,
    measuredAt: new Date().toISOString(),
    floors: { ...stored?.floors, ...measured },
  })
}
