import { profileText } from '../../reports/commands/profile.ts'
import type { AbFlags } from '../cli/ab-flags.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { ProgressFlags } from '../cli/progress-flag.ts'
import type { RequestFlags } from '../cli/request-flags.ts'
import { impliedTargets, readTargetSettings, type TargetFlags } from '../cli/target-flags.ts'
import type { ArmLeaks } from '../experiment/profile/measure-leaks.ts'
import type { ProfileKind } from '../experiment/profile/profiled-blocks.ts'
import { profiledBlocks } from '../experiment/profile/profiled-blocks.ts'
import { checkPlan } from '../experiment/run/check-plan.ts'
import { planFor } from '../experiment/run/plan-for.ts'
import { UsageError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { checkOutput } from '../kit/output.ts'
import { abPlan } from '../plan/ab-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { checkProfileServer, type ProfileServer } from '../profile/sources/fetch-profile.ts'
import type { Schedule } from '../result/schedule.ts'
import type { ProfileSummary } from '../result/schemas/profile.ts'
import { abSides } from './ab-sides.ts'
import { dryRun } from './dry-run.ts'
import { refuseIgnoredFlags } from './ignored-flags.ts'
import { leaks } from './leaks.ts'
import { openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { type OverrideFlags, overridesOf } from './overrides.ts'
import { checkEndings, exportProfiles } from './profile-exports.ts'
import { requestOverrides } from './request-overrides.ts'
import { type TakeProfilesOptions, takeProfiles } from './take-profiles.ts'

/** Values of the flags of `lb profile`. */
interface ProfileFlags extends OverrideFlags, TargetFlags, RequestFlags, AbFlags, ProgressFlags {
  readonly kind: readonly ProfileKind[]
  readonly scenario: string
  readonly seed?: number | undefined
  readonly pprof?: string | undefined
  readonly output?: readonly string[] | undefined
  readonly force: boolean
  readonly keep: boolean
  readonly overhead: boolean
  readonly leaks: boolean
  readonly requests?: number | undefined
  readonly 'dry-run': boolean
}

/**
 * Profiles the targets of a scenario under load, compares two of them function by function, and writes the profiles.
 *
 * @throws {UsageError} the flags or the scenario cannot be used, or nothing can be profiled
 * @throws {ProcessError} a process could not be started, or died, or its profile could not be taken
 */
export async function profile(
  flags: ProfileFlags,
  invocation: Invocation,
): Promise<readonly ProfileSummary[] | readonly ArmLeaks[] | Schedule> {
  const { force, overhead } = flags
  const kinds = [...new Set(flags.kind)]
  const outputs = (flags.output ?? []).map((path) => ({ path, force }))
  checkEndings(outputs.map(({ path }) => path))
  if (kinds.length > 1 && outputs.length > 0) {
    throw new UsageError('one file holds one kind of profile', 'use --output with one --kind')
  }
  for (const output of outputs) await checkOutput(output)
  const settled = await settledPlan(flags)
  const { blocks } = settled
  if (flags['dry-run'])
    return dryRun(scheduled(withSides(settled, flags), { kinds, blocks, overhead }), invocation)
  checkProcess(flags.pid)
  await checkPlan(settled)

  await using session = await openLiveSession(flags, invocation)
  const server = serverOf(flags)
  if (server !== undefined) await checkProfileServer(server, session.signal)
  await using sides = hasSides(flags) ? await abSides(flags, session) : undefined
  const plan = sides === undefined ? settled : abPlan(settled, sides)
  if (flags.leaks) return await leaks({ plan, session, invocation, requests: flags.requests })
  const found = await takeProfiles({
    ...{ plan, kinds, blocks, overhead, session, server },
    keep: flags.keep,
  })
  const summaries = found.map(({ summary }) => summary)
  invocation.print(profileText(summaries, invocation.render))
  const written = (await Promise.all(found.map((one) => exportProfiles(one, outputs)))).flat()
  for (const file of written) invocation.note(`written: ${file}`)
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  else if (summaries.every(({ arms }) => arms.length === 0)) invocation.endWith(exitCodes.invalid)
  return summaries
}

/** The plan of the flags: closed loop only, without a control. */
async function settledPlan(flags: ProfileFlags): Promise<Plan> {
  const target = impliedTargets(flags)
  refuseIgnoredFlags(flags, target)
  return planFor({
    scenario: flags.scenario,
    seed: flags.seed ?? newSeed(),
    overrides: {
      ...overridesOf({ ...flags, target }),
      ...{ phase: 'capacity', control: false, rate: undefined },
      request: await requestOverrides(flags),
      timeout: flags.timeout,
      settings: await readTargetSettings(flags),
    },
  })
}

function hasSides(flags: AbFlags): boolean {
  const defining = ['base', 'base-config', 'head-config', 'base-command'] as const
  return defining.some((name) => flags[name] !== undefined)
}

function withSides(plan: Plan, flags: AbFlags): Plan {
  return hasSides(flags) ? abPlan(plan, { base: {}, head: {} }) : plan
}

/** The plan with the trials of the profiles, for its schedule. */
function scheduled(
  plan: Plan,
  options: Pick<TakeProfilesOptions, 'kinds' | 'blocks' | 'overhead'>,
): Plan {
  const trials = profiledBlocks({ ...plan, ...options }).flat()
  return { ...plan, blocks: options.blocks, trials: trials.map(({ trial }) => trial) }
}

function checkProcess(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return
    throw new UsageError(
      `there is no process ${pid}`,
      'give the process ID of the balancer: pgrep -o NAME',
    )
  }
}

/** Where a server that runs already serves profiles; its token is that of the admin port. */
function serverOf({ pprof }: ProfileFlags): ProfileServer | undefined {
  if (pprof === undefined) return undefined
  if (!URL.canParse(pprof) || !/^https?:$/.test(new URL(pprof).protocol)) {
    throw new UsageError(
      `--pprof "${pprof}" is not an http or https URL`,
      'use --pprof http://127.0.0.1:9090',
    )
  }
  return { url: new URL(pprof), token: process.env.LB_ADMIN_TOKEN, format: 'pprof' }
}
