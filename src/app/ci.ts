import { rendered } from '../../reports/formats/rendered.ts'
import type { AbFlags } from '../cli/ab-flags.ts'
import type { GateFlags } from '../cli/gate-flags.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { ProgressFlags } from '../cli/progress-flag.ts'
import { resultExitCode } from '../cli/result-exit-code.ts'
import { applyGates, checkGateOptions } from '../experiment/gates/apply-gates.ts'
import { gateRule } from '../experiment/gates/gate-rule.ts'
import { isSmall } from '../experiment/gates/steadier-metric.ts'
import { checkDrivers } from '../experiment/run/check-drivers.ts'
import { experiment } from '../experiment/run/experiment.ts'
import { planFor } from '../experiment/run/plan-for.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { abPlan } from '../plan/ab-plan.ts'
import type { ResultDocument } from '../result/document.ts'
import type { Schedule } from '../result/schedule.ts'
import { abSides, checkSides } from './ab-sides.ts'
import { artifactsShownAgain, checkArtifacts, writeArtifacts } from './artifacts.ts'
import { dryRun } from './dry-run.ts'
import { openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { type OverrideFlags, overridesOf } from './overrides.ts'
import { runJournal } from './run-journal.ts'
import { showTrials } from './show-trials.ts'
import { reportStored, shownAgain, storeResult } from './store-result.ts'

/** Values of the flags of `lb ci`. */
interface CiFlags extends OverrideFlags, AbFlags, GateFlags, ProgressFlags {
  readonly scenario: string
  readonly seed?: number | undefined
  readonly 'dry-run': boolean
  readonly output: string
  readonly force: boolean
  readonly keep?: boolean | undefined
  readonly format: string
}

/** The gate without --fail-on: the two metrics that vary least; on a small host only the one that varies least there. */
const defaultRules = { small: ['cpu>+5%'], large: ['cpu>+5%', 'throughput<-5%'] }

/**
 * Measures two versions of a balancer in the same blocks, applies the gate, and writes the artifacts of a CI job.
 *
 * @throws {UsageError} the flags or the scenario cannot be used, or a commit does not exist
 * @throws {ProcessError} a commit does not compile, a process could not be started, or died
 */
export async function ci(
  flags: CiFlags,
  invocation: Invocation,
): Promise<ResultDocument | Schedule> {
  const rules = flags['fail-on']?.map(gateRule)
  const output = { path: flags.output, force: flags.force }
  checkSides(flags)
  const overrides = overridesOf(flags)
  const scenarioPlan = await planFor({
    scenario: flags.scenario,
    seed: flags.seed ?? newSeed(),
    overrides:
      flags['base-command'] === undefined ? overrides : { ...overrides, targets: ['command'] },
  })

  if (flags['dry-run']) return dryRun(abPlan(scenarioPlan, { base: {}, head: {} }), invocation)
  checkDrivers(scenarioPlan)
  await checkArtifacts(output)

  await using session = await openLiveSession(flags, invocation)
  await using sides = await abSides(flags, session)
  const plan = abPlan(scenarioPlan, sides)
  const gateOptions = {
    rules: rules ?? defaultRules[isSmall(session.host) ? 'small' : 'large'].map(gateRule),
    strict: flags['on-inconclusive'] === 'fail',
    force: false,
  }
  checkGateOptions(plan, gateOptions, session)
  await using journal = await runJournal(flags.keep, invocation)
  const failures: Error[] = []
  const measured = await experiment({
    ...{ plan, session, journal, lb: invocation.version, command: invocation.commandLine },
    watcher: showTrials(plan, session, invocation),
    onFailure: (error) => failures.push(error),
  })
  session.progress.clear()
  const document = applyGates(measured, { ...gateOptions, noise: session.noise })
  const stored = await storeResult(document, { keep: flags.keep })
  if (stored.isLost) journal.keep()
  const summary = process.env.GITHUB_STEP_SUMMARY
  const unwritten = await writeArtifacts(document, { ...output, summary })
  const again = artifactsShownAgain(shownAgain(stored, {}), flags.output, unwritten)
  const render = { ...invocation.render, stored: again }
  invocation.print(await rendered(flags.format, document, render))
  invocation.endWith(resultExitCode(document, flags))
  const isOnScreen = flags.format === 'table'
  reportStored(stored, { keep: flags.keep, isOnScreen }, invocation)
  for (const error of [...unwritten, ...failures]) invocation.fail(error)
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  return document
}
