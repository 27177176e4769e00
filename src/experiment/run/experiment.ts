import { LbError } from '../../kit/errors.ts'
import { build } from '../../kit/module-path.ts'
import { counterUnavailable } from '../../meter/counters.ts'
import { isAbPlan } from '../../plan/ab-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import { distinctReasons } from '../../result/distinct-reasons.ts'
import { documentVersion, type ResultDocument } from '../../result/document.ts'
import { hideSecrets, hideSecretsIn } from '../../result/hide-secrets.ts'
import { analyse } from '../findings/analyse.ts'
import { comparisons } from '../findings/comparisons.ts'
import { judgeAgainstControl } from '../findings/control.ts'
import { curves } from '../findings/curves.ts'
import { marginsOf } from '../findings/margins.ts'
import { withWitness } from '../findings/witness.ts'
import { checkRate } from './calibration.ts'
import { chooseDriver } from './choose-driver.ts'
import { placementReason } from './placement-reason.ts'
import { preflight } from './preflight.ts'
import { type RunWatcher, run } from './run.ts'
import { runWarnings } from './run-warnings.ts'
import type { Session } from './session.ts'

/** A plan to run, and the fields of the document that describe its command. */
export interface ExperimentOptions {
  readonly plan: Plan
  readonly session: Session
  /** Version of lb. */
  readonly lb: string
  /** Arguments after `lb`. */
  readonly command: readonly string[]
  readonly watcher: RunWatcher
  /** Receives an error that ended the run after a trial was measured; without it, the error is thrown. */
  onFailure?(error: Error): void
  /** The check of the targets before the first trial; replaced by tests that start no processes. */
  readonly checkTargets?: typeof preflight
  /** The choice of the driver of the capacity phase; replaced likewise. */
  readonly choose?: typeof chooseDriver
}

/**
 * Runs a plan and returns the result document. The document of an interrupted run holds the trials that were
 * over, and is marked as incomplete; so is that of a run that an error ended after its first trial, where `onFailure`
 * receives the error. Neither the document nor an error contains a secret.
 *
 * @throws {UsageError} the driver cannot send at the rate of the plan, or a target cannot be set up
 * @throws {ProcessError} a process could not be started, or died
 */
export async function experiment(options: ExperimentOptions): Promise<ResultDocument> {
  try {
    return hideSecrets(await measure(options))
  } catch (error) {
    throw withoutSecrets(error, options)
  }
}

function withoutSecrets(error: unknown, run: Pick<ExperimentOptions, 'plan' | 'command'>): unknown {
  if (!(error instanceof LbError)) return error
  const message = hideSecretsIn(error.message, run)
  return Object.assign(error, { message, hint: hideSecretsIn(error.hint, run) })
}

async function measure(options: ExperimentOptions): Promise<ResultDocument> {
  const { plan, session, lb, command, watcher } = options
  const { checkTargets = preflight, choose = chooseDriver } = options
  const { host, placement, signal } = session
  const createdAt = new Date().toISOString()
  const countersError = await counterUnavailable()
  const targets = await unlessAborted(signal, checkTargets({ plan, session }))
  await checkRate({ plan, session })
  const driver = await unlessAborted(signal, choose({ plan, session }))
  const outcome = await run({
    ...{ plan, session, watcher },
    driver: driver?.values.driver,
    counters: countersError === undefined,
  })
  const { failure } = outcome
  if (failure !== undefined) {
    if (options.onFailure === undefined) throw failure
    options.onFailure(withoutSecrets(failure, options) as Error)
  }
  const trials = judgeAgainstControl(plan, outcome.trials)
  const cpus = placement.cpus.length
  const witnessed = judgeAgainstControl(plan, outcome.witnessed)
  const margin = marginsOf(session.noise)
  const findings = withWitness(analyse(plan, trials, cpus), {
    ...{ plan, measured: trials, witnessed, margin, cpus },
    driver: driver?.values.driver ?? '',
  })
  const driving = { capacity: driver?.values.driver ?? 'auto', latency: 'open-loop' }
  const placements = plan.phases.flatMap((phase) =>
    plan.arms.map((arm) => placementReason(arm, placement, { plan, driver: driving[phase] })),
  )
  return {
    format: 'lb-result',
    version: documentVersion,
    lb,
    build: build(import.meta.url),
    createdAt,
    command: [...command],
    complete: !signal.aborted && failure === undefined,
    host,
    plan,
    placement: distinctReasons(placements),
    ...(driver && { driver }),
    ...(targets && { targets }),
    trials,
    ...(plan.witness && { witnessTrials: witnessed }),
    phaseEndings: [...outcome.phaseEndings],
    findings,
    // The sides of an A/B plan are compared by the gate, which knows more metrics.
    comparisons: isAbPlan(plan) ? [] : comparisons(plan, trials, { margin, cpus, findings }),
    curves: curves(plan, findings),
    gates: [],
    warnings: [
      ...(failure === undefined
        ? []
        : [{ code: 'run-failed' as const, values: { detail: failure.message } }]),
      ...runWarnings(plan, { ...outcome, trials }),
      ...(countersError === undefined
        ? []
        : [{ code: 'instructions-not-counted' as const, values: { detail: countersError } }]),
    ],
  }
}

/** The value of `work`; undefined if it failed because the signal aborted. */
async function unlessAborted<Value>(
  signal: AbortSignal,
  work: Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}
