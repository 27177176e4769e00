import { ProcessError } from '../../kit/errors.ts'
import { loopback } from '../../lab/ports.ts'
import { processFamily } from '../../meter/process-family.ts'
import type { Arm } from '../../plan/plan.ts'
import { fetchProfile, type ProfileServer } from '../../profile/sources/fetch-profile.ts'
import { perfProfile, perfUnavailable } from '../../profile/sources/perf.ts'
import type { ProfileSummary } from '../../result/schemas/profile.ts'
import type { TakeProfile } from './profile-trials.ts'
import type { ProfileKind } from './profiled-blocks.ts'

/** The arms that can be profiled, each with the way to its profile; and those that cannot, with the reason. */
export interface ProfileSources {
  readonly arms: readonly Arm[]
  readonly takerOf: (arm: Arm) => TakeProfile
  readonly missing: ProfileSummary['missing']
}

/** Targets that serve profiles of themselves on the admin port that they are started with, and the format. */
const served: Readonly<Record<string, ProfileServer['format']>> = {
  reference: 'json',
  caddy: 'pprof',
  traefik: 'pprof',
}

/** The arms, the kinds of profiles, and where else a profile may come from. */
export interface ProfileSourceOptions {
  readonly arms: readonly Arm[]
  readonly kinds: readonly ProfileKind[]
  /** Where a server that runs already serves profiles. */
  readonly server?: ProfileServer | undefined
  /** Whether the process of a server that runs already is known. */
  readonly hasPid: boolean
  /** Gets files of perf. */
  readonly folder: string
}

/**
 * The way to the profile of each arm: the admin port of its target, the address that the user has named, or `perf` where this host
 * allows it.
 */
export async function profileSources(options: ProfileSourceOptions): Promise<ProfileSources> {
  const { arms, kinds, server, hasPid, folder } = options
  const takers = new Map<string, TakeProfile>()
  const missing: { arm: string; detail: string }[] = []
  const isPerfUseless = kinds.includes('heap') || arms.every(({ target }) => target in served)
  const noPerf = isPerfUseless ? undefined : await perfUnavailable()
  for (const arm of arms) {
    const format = served[arm.target]
    if (format !== undefined) takers.set(arm.name, fromAdmin(arm.target, format))
    else if (server !== undefined && arm.target === 'url') {
      takers.set(arm.name, (_, request) => fetchProfile(server, request))
    } else {
      const detail = whyMissing(arm, { kinds, noPerf, hasPid })
      if (detail === undefined) takers.set(arm.name, fromPerf(folder))
      else missing.push({ arm: arm.name, detail })
    }
  }
  return {
    arms: arms.filter(({ name }) => takers.has(name)),
    takerOf: ({ name }) => takers.get(name) as TakeProfile,
    missing,
  }
}

/** Why perf cannot profile a target that serves no profiles; undefined where it can. */
function whyMissing(
  { target }: Arm,
  found: Pick<ProfileSourceOptions, 'kinds' | 'hasPid'> & { readonly noPerf: string | undefined },
): string | undefined {
  if (found.kinds.includes('heap')) {
    return target === 'url'
      ? 'perf samples CPU time only: add --pprof URL for its allocations'
      : `${target} serves no profiles, and perf samples CPU time only`
  }
  if (target === 'url' && !found.hasPid) {
    return 'nothing is known of its process: add --pprof URL, or --pid PID'
  }
  return found.noPerf && `${target} serves no profiles, and ${found.noPerf}`
}

function fromAdmin(target: string, format: ProfileServer['format']): TakeProfile {
  return ({ admin }, request) => {
    if (admin === undefined) throw new ProcessError(`${target} has no admin port`, 'report a bug')
    const url = new URL(`http://${loopback}:${admin.port}/`)
    return fetchProfile({ url, token: admin.token, format }, request)
  }
}

function fromPerf(folder: string): TakeProfile {
  return ({ pids }, { seconds, signal }) =>
    perfProfile({ pids: processFamily(...pids), seconds, folder, signal })
}
