import { placementOf } from '../../lab/arm-placement.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import type { Profile } from '../../profile/profile.ts'
import type { Measurement } from '../../result/document.ts'
import type { Session } from '../run/session.ts'
import type { ProfiledTarget } from '../run/trial.ts'
import { type ProfiledTrial, type ProfileKind, profiledBlocks } from './profiled-blocks.ts'

/** One trial that is over. */
export interface TrialProfile {
  readonly kind: ProfileKind | undefined
  readonly measurement: Measurement
  /** Undefined in a trial without a profile. */
  readonly profile: Profile | undefined
}

/** Takes a profile of a running target for so many seconds. */
export type TakeProfile = (
  target: ProfiledTarget,
  request: { readonly kind: ProfileKind; readonly seconds: number; readonly signal: AbortSignal },
) => Promise<Profile>

/** The arms to profile, and how. */
export interface ProfileTrialsOptions {
  /** Its arms, load and durations count; its trials do not. */
  readonly plan: Plan
  readonly arms: readonly Arm[]
  readonly kinds: readonly ProfileKind[]
  readonly blocks: number
  /** Whether trials without a profile are run as well, so that the overhead is known (default: true). */
  readonly overhead?: boolean | undefined
  readonly session: Pick<Session, 'placement' | 'tempDir' | 'signal' | 'runTrial'>
  /** The way to the profile of each arm. */
  readonly takerOf: (arm: Arm) => TakeProfile
  onTrial?(progress: ProfileProgress): void
}

/** A trial starts; `done` of `of` trials are over. */
export interface ProfileProgress extends ProfiledTrial {
  readonly done: number
  readonly of: number
}

/** The driver of the closed loop: the one that takes the least CPU from the target. */
const driver = 'lean'

/**
 * Runs blocks of trials with and without a profile, all in the closed loop. Returns the trials that were over when the signal
 * aborted.
 *
 * @throws {ProcessError} a process could not be started, or died, or its profile could not be taken
 */
export async function profileTrials(options: ProfileTrialsOptions): Promise<TrialProfile[]> {
  const { plan, arms, session } = options
  const trials = profiledBlocks({ ...options, seed: plan.seed }).flat()
  const over: TrialProfile[] = []
  for (const [done, one] of trials.entries()) {
    options.onTrial?.({ ...one, done, of: trials.length })
    const armOf = (trial: ProfiledTrial | undefined) =>
      arms.find(({ name }) => name === trial?.trial.arm)
    try {
      over.push(await runOne(options, armOf(one) as Arm, { ...one, next: armOf(trials[done + 1]) }))
    } catch (error) {
      if (!session.signal.aborted) throw error
      break
    }
  }
  return over
}

/**
 * Seconds of a profile that begins some 100 ms after its window and ends within it: the load ends with the window, so that a
 * profile beyond it would have requests that cost nothing.
 */
function withinWindow(seconds: number): number {
  return seconds - 0.3 * Math.min(1, seconds)
}

async function runOne(
  { plan, session, takerOf }: ProfileTrialsOptions,
  arm: Arm,
  { trial, kind, next }: ProfiledTrial & { readonly next: Arm | undefined },
): Promise<TrialProfile> {
  const { placement, tempDir, signal, runTrial } = session
  signal.throwIfAborted()
  let profile: Profile | undefined
  const driving = plan.driver === undefined || plan.driver === 'auto' ? driver : plan.driver
  const measurement = await runTrial({
    ...{ plan, arm, trial, tempDir, signal, next, rate: undefined, driver: driving },
    placement: placementOf(arm, placement, { plan, driver: driving }),
    ...(kind !== undefined && {
      profile: async (target) => {
        profile = await takerOf(arm)(target, { kind, seconds: withinWindow(plan.duration), signal })
      },
    }),
  })
  return { kind, measurement, profile }
}
