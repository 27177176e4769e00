import { configWarningLines } from '../../reports/sections/warnings.ts'
import type { EngineFlags } from '../cli/engine-flags.ts'
import type { GateFlags } from '../cli/gate-flags.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { LiveFlags } from '../cli/live-flag.ts'
import type { RequestFlags } from '../cli/request-flags.ts'
import { resultExitCode } from '../cli/result-exit-code.ts'
import { impliedTargets, readTargetSettings, type TargetFlags } from '../cli/target-flags.ts'
import { applyGates, checkGateOptions } from '../experiment/gates/apply-gates.ts'
import { rateOf } from '../experiment/gates/compare-documents.ts'
import { gateRule } from '../experiment/gates/gate-rule.ts'
import type { ProfileKind } from '../experiment/profile/profiled-blocks.ts'
import { checkPlan } from '../experiment/run/check-plan.ts'
import { configWarnings } from '../experiment/run/config-warnings.ts'
import { experiment } from '../experiment/run/experiment.ts'
import { planFor } from '../experiment/run/plan-for.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { checkOutput } from '../kit/output.ts'
import { printable } from '../kit/printable.ts'
import type { Plan } from '../plan/plan.ts'
import { timeOf } from '../plan/plan-time.ts'
import type { ResultDocument } from '../result/document.ts'
import { readResult } from '../result/read.ts'
import type { Schedule } from '../result/schedule.ts'
import type { Configuration } from '../targets/configurations.ts'
import { dryRun } from './dry-run.ts'
import { dumpConfig } from './dump-config.ts'
import { engineFor } from './engine-for.ts'
import { refuseIgnoredFlags } from './ignored-flags.ts'
import { endMessage, liveGates } from './live-run.ts'
import { type LiveSession, openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { type OverrideFlags, overridesOf } from './overrides.ts'
import { requestOverrides } from './request-overrides.ts'
import { runJournal } from './run-journal.ts'
import { showResult } from './show-result.ts'
import { showTrials } from './show-trials.ts'
import { checkKeep, reportStored, shownAgain, storeResult } from './store-result.ts'
import { takeProfiles } from './take-profiles.ts'

/** Values of the flags of `lb bench`. */
interface BenchFlags
  extends OverrideFlags,
    TargetFlags,
    RequestFlags,
    GateFlags,
    LiveFlags,
    EngineFlags {
  readonly scenario: string
  readonly seed?: number | undefined
  readonly 'dry-run': boolean
  readonly 'dump-config': boolean
  readonly output?: string | undefined
  readonly force: boolean
  readonly keep?: boolean | undefined
  readonly baseline?: string | undefined
  readonly steps?: boolean | undefined
  readonly format: string
  readonly profile?: readonly ProfileKind[] | undefined
}

/**
 * Measures the arms of a scenario, compares them with each other or with a baseline, and reports.
 *
 * @throws {UsageError} the flags, the scenario or the baseline cannot be used; before anything is measured
 * @throws {ProcessError} a process could not be started, or died
 */
export async function bench(
  flags: BenchFlags,
  invocation: Invocation,
): Promise<ResultDocument | Schedule | Configuration[]> {
  const output = flags.output === undefined ? undefined : { path: flags.output, force: flags.force }
  if (output) await checkOutput(output)
  await checkKeep(flags.keep)
  const target = impliedTargets(flags)
  refuseIgnoredFlags(flags, target)
  const { baseline: file } = flags
  const gateOptions = {
    rules: (flags['fail-on'] ?? []).map(gateRule),
    strict: flags['on-inconclusive'] === 'fail',
    base: file === undefined ? undefined : { file, document: await readResult(file) },
    force: false,
  }
  const plan = await planFor({
    scenario: flags.scenario,
    seed: flags.seed ?? newSeed(),
    overrides: {
      ...overridesOf({ ...flags, target }),
      request: await requestOverrides(flags),
      timeout: flags.timeout,
      // Latencies can be compared only at the rate of the baseline.
      rate: flags.rate ?? (gateOptions.base && rateOf(gateOptions.base.document)),
      settings: await readTargetSettings(flags),
    },
  })
  if (flags['dump-config']) return dumpConfig(plan, invocation)
  if (flags['dry-run']) return dryRun(plan, invocation)
  await checkPlan(plan)
  // Before the run, so that the user can stop it.
  const warnings = [...configWarnings(plan)].flatMap((one) => configWarningLines(...one))
  for (const line of warnings) process.stderr.write(`lb: warning: ${printable(line)}\n`)

  const engine = await engineFor(flags, plan, plan.stop?.maxSeconds ?? timeOf(plan).most)
  await using session = await openLiveSession(flags, invocation, { engine })
  checkGateOptions(plan, gateOptions, session)
  await using journal = await runJournal(flags.keep, invocation)
  const failures: Error[] = []
  const measured = await experiment({
    ...{ plan, session, journal, lb: invocation.version, command: invocation.commandLine },
    watcher: showTrials(plan, session, invocation),
    steps: flags.steps,
    onFailure: (error) => failures.push(error),
  })
  session.progress.clear()
  const profiles = await profilesOf(flags, { plan, session, failures })
  const document = applyGates(
    { ...measured, ...profiles },
    { ...gateOptions, noise: session.noise },
  )
  const destinations = { output, keep: flags.keep }
  const stored = await storeResult(document, destinations)
  if (stored.isLost) journal.keep()
  const show = { format: flags.format, stored: shownAgain(stored, destinations) }
  const isInterrupted = session.signal.aborted
  const isOnScreen = await showResult(document, { ...show, isInterrupted }, invocation)
  invocation.endWith(resultExitCode(document, flags))
  reportStored(stored, { ...destinations, isOnScreen }, invocation)
  await session.page?.end({
    message: endMessage(stored.files, session.signal.aborted),
    thresholds: liveGates(document.gates),
  })
  for (const error of failures) invocation.fail(error)
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  return document
}

/** Trials with a profile of each arm, at most: the figures of a function are as wide as those of eight trials. */
const maxProfiledBlocks = 8

/** The profiles of `--profile`, after the trials that are measured. An error of theirs does not lose the result. */
async function profilesOf(
  { profile: kinds, keep }: BenchFlags,
  run: { readonly plan: Plan; readonly session: LiveSession; readonly failures: Error[] },
): Promise<Pick<ResultDocument, 'profiles'>> {
  const { plan, session, failures } = run
  if (kinds === undefined || session.signal.aborted || failures.length > 0) return {}
  try {
    const found = await takeProfiles({
      ...{ plan, session, kinds: [...new Set(kinds)], keep: keep !== false },
      blocks: Math.min(plan.blocks, maxProfiledBlocks),
      server: undefined,
    })
    return { profiles: found.map(({ summary }) => summary) }
  } catch (error) {
    failures.push(error as Error)
    return {}
  }
}
