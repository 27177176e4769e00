import { rendered } from '../../reports/formats/rendered.ts'
import type { AbFlags } from '../cli/ab-flags.ts'
import type { GateFlags } from '../cli/gate-flags.ts'
import type { Invocation } from '../cli/invocation.ts'
import { resultExitCode } from '../cli/result-exit-code.ts'
import { applyGates, checkGateOptions } from '../experiment/gates/apply-gates.ts'
import { gateRule } from '../experiment/gates/gate-rule.ts'
import { isSmall } from '../experiment/gates/steadier-metric.ts'
import { experiment } from '../experiment/run/experiment.ts'
import { planFor } from '../experiment/run/plan-for.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { abPlan } from '../plan/ab-plan.ts'
import type { ResultDocument } from '../result/document.ts'
import { abSides } from './ab-sides.ts'
import { checkArtifacts, writeArtifacts } from './artifacts.ts'
import { openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { type OverrideFlags, overridesOf } from './overrides.ts'
import { showTrials } from './show-trials.ts'
import { reportStored, storeResult } from './store-result.ts'

/** Values of the flags of `lb ci`. */
interface CiFlags extends OverrideFlags, AbFlags, GateFlags {
  readonly scenario: string
  readonly seed?: number | undefined
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
export async function ci(flags: CiFlags, invocation: Invocation): Promise<ResultDocument> {
  const asked = flags['fail-on']?.map(gateRule)
  const output = { path: flags.output, force: flags.force }
  await checkArtifacts(output)
  const overrides = overridesOf(flags)
  const scenarioPlan = await planFor({
    scenario: flags.scenario,
    seed: flags.seed ?? newSeed(),
    overrides:
      flags['base-command'] === undefined ? overrides : { ...overrides, targets: ['command'] },
  })

  await using session = await openLiveSession()
  await using sides = await abSides(flags, session)
  const plan = abPlan(scenarioPlan, sides)
  const gateOptions = {
    rules: asked ?? defaultRules[isSmall(session.host) ? 'small' : 'large'].map(gateRule),
    strict: flags['on-inconclusive'] === 'fail',
    force: false,
  }
  checkGateOptions(plan, gateOptions, session.host)
  const failures: Error[] = []
  const measured = await experiment({
    ...{ plan, session, lb: invocation.version, command: invocation.commandLine },
    watcher: showTrials(plan, session.progress, invocation),
    onFailure: (error) => failures.push(error),
  })
  session.progress.clear()
  const document = applyGates(measured, { ...gateOptions, noise: session.noise })
  const stored = await storeResult(document, { keep: flags.keep })
  const summary = process.env.GITHUB_STEP_SUMMARY
  const unwritten = await writeArtifacts(document, { ...output, summary })
  invocation.print(await rendered(flags.format, document, invocation.render))
  invocation.endWith(resultExitCode(document, flags))
  reportStored(stored, { keep: flags.keep }, invocation)
  for (const error of [...unwritten, ...failures]) invocation.fail(error)
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  return document
}
