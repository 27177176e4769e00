import { relative } from 'node:path'
import { profileSources } from '../experiment/profile/profile-sources.ts'
import {
  type ProfileProgress,
  profileTrials,
  type TrialProfile,
} from '../experiment/profile/profile-trials.ts'
import type { ProfileKind } from '../experiment/profile/profiled-blocks.ts'
import { summariseProfiles } from '../experiment/profile/summarise-profiles.ts'
import { UsageError } from '../kit/errors.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import { mergeProfiles } from '../profile/merge.ts'
import { encodePprof } from '../profile/pprof.ts'
import type { ProfileServer } from '../profile/sources/fetch-profile.ts'
import type { ProfileSummary } from '../result/schemas/profile.ts'
import { lbFolder } from '../store/lb-folder.ts'
import { storeProfiles } from '../store/profile-store.ts'
import type { LiveSession } from './live-session.ts'
import { fileName, type ProfilesToExport } from './profile-exports.ts'

/** The plan whose arms are profiled, and how. */
export interface TakeProfilesOptions {
  readonly plan: Plan
  readonly kinds: readonly ProfileKind[]
  readonly blocks: number
  /** Whether trials without a profile are run as well, so that the overhead is known (default: true). */
  readonly overhead?: boolean | undefined
  readonly session: LiveSession
  /** Where a server that runs already serves profiles. */
  readonly server?: ProfileServer | undefined
  /** Whether the profiles are kept in the folder of results. */
  readonly keep: boolean
}

/**
 * Takes profiles in blocks of trials of their own, and keeps them beside the last result. One element for each kind; an arm
 * that cannot be profiled is in `missing` with the reason.
 *
 * @throws {UsageError} no arm can be profiled
 * @throws {ProcessError} a process could not be started, or died, or its profile could not be taken
 */
export async function takeProfiles(options: TakeProfilesOptions): Promise<ProfilesToExport[]> {
  const { plan, kinds, session } = options
  const wanted = plan.arms.filter(({ name }) => name !== plan.control)
  const sources = await profileSources({
    ...{ arms: wanted, kinds, server: options.server, folder: session.tempDir.path },
    hasPid: plan.settings?.url?.pid !== undefined,
  })
  const { arms, missing } = sources
  if (arms.length === 0) {
    const [first] = missing
    throw new UsageError(
      `${first?.arm ?? 'the control'} cannot be profiled: ${first?.detail ?? 'it is no balancer'}`,
      'see "Other targets" in docs/guide/profiling.md',
    )
  }
  const trials = await profileTrials({
    ...{ ...options, arms, takerOf: sources.takerOf },
    onTrial: showProgress(session),
  })
  session.progress.clear()
  const found = kinds.map((kind) => ({
    summary: summariseProfiles({ kind, arms, trials, missing }),
    profiles: arms.flatMap((arm) => mergedOf(trials, { kind, arm })),
  }))
  return options.keep ? Promise.all(found.map(kept)) : found
}

/** All valid profiles of an arm as one. */
function mergedOf(
  trials: readonly TrialProfile[],
  { kind, arm }: { readonly kind: ProfileKind; readonly arm: Arm },
): ProfilesToExport['profiles'] {
  const own = trials.flatMap(({ kind: one, measurement: { trial, verdict }, profile }) =>
    one === kind && trial.arm === arm.name && verdict.valid && profile ? [profile] : [],
  )
  return own.length === 0 ? [] : [{ name: arm.name, profile: mergeProfiles(own) }]
}

/** Keeps the profiles of one kind, and writes their paths into the summary. */
async function kept({ summary, profiles }: ProfilesToExport): Promise<ProfilesToExport> {
  const files = profiles.map(({ name, profile }) => ({
    name: `${fileName(name)}.${summary.kind}.pb.gz`,
    bytes: encodePprof(profile),
  }))
  const paths = await storeProfiles(files, lbFolder(process.cwd()))
  const pathOf = new Map(profiles.map(({ name }, i) => [name, paths[i] as string]))
  const arms = summary.arms.map((one): ProfileSummary['arms'][number] => {
    const path = pathOf.get(one.arm)
    return path === undefined ? one : { ...one, file: relative(process.cwd(), path) }
  })
  return { summary: { ...summary, arms }, profiles }
}

/** Shows which trial runs, on standard error. */
function showProgress({ progress }: Pick<LiveSession, 'progress'>) {
  let words = 'starting'
  progress.show({ lines: () => [words], line: () => words })
  return ({ kind, trial, done, of }: ProfileProgress) => {
    words = `profiling  ${trial.arm}, trial ${done + 1} of ${of}${kind === undefined ? ', without a profile' : `, ${kind}`}`
    progress.update()
  }
}
