import { LbError } from '../../kit/errors.ts'
import { build } from '../../kit/module-path.ts'
import { counterUnavailable } from '../../meter/counters.ts'
import type { Plan } from '../../plan/plan.ts'
import { distinctReasons } from '../../result/distinct-reasons.ts'
import { documentVersion, type Measurement, type ResultDocument } from '../../result/document.ts'
import { hideSecrets, hideSecretsIn } from '../../result/hide-secrets.ts'
import type { Journal } from '../../store/journal.ts'
import { analysed } from './analysed.ts'
import { checkRate } from './calibration.ts'
import { chooseDriver } from './choose-driver.ts'
import { engineFacts } from './engine-facts.ts'
import { placementReason } from './placement-reason.ts'
import { preflight } from './preflight.ts'
import { type RunWatcher, run } from './run.ts'
import type { Session } from './session.ts'
import { stepTrials } from './step-trials.ts'

/** A plan to run, and the fields of the document that describe its command. */
export interface ExperimentOptions {
  readonly plan: Plan
  readonly session: Session
  /** Version of lb. */
  readonly lb: string
  /** Arguments after `lb`. */
  readonly command: readonly string[]
  readonly watcher: RunWatcher
  /** Whether further trials time the steps of requests in the reference balancer. */
  readonly steps?: boolean | undefined
  /** Gets each trial once it is measured. */
  readonly journal?: Journal | undefined
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
  const { plan, session, lb, command, watcher, journal } = options
  const { checkTargets = preflight, choose = chooseDriver } = options
  const { host, placement, signal, noise } = session
  const createdAt = new Date().toISOString()
  const countersError = await counterUnavailable()
  const targets = await unlessAborted(signal, checkTargets({ plan, session }))
  await checkRate({ plan, session })
  const driver = await unlessAborted(signal, choose({ plan, session }))
  const driving = { capacity: driver?.values.driver ?? 'auto', latency: 'open-loop' }
  const { isElsewhere } = session.beds
  const placements = isElsewhere
    ? []
    : plan.phases.flatMap((phase) =>
        plan.arms.map((arm) => placementReason(arm, placement, { plan, driver: driving[phase] })),
      )
  const facts: ResultDocument = {
    format: 'lb-result',
    version: documentVersion,
    lb,
    build: build(import.meta.url),
    createdAt,
    command: [...command],
    complete: false,
    host,
    plan,
    ...usedEngine(session),
    placement: distinctReasons(placements),
    ...(driver && { driver }),
    ...(targets && { targets }),
    ...{ trials: [], phaseEndings: [], findings: [], comparisons: [], curves: [], gates: [] },
    warnings: isElsewhere
      ? [{ code: 'nodes-partly-watched', values: {} }]
      : countersError === undefined
        ? []
        : [{ code: 'instructions-not-counted', values: { detail: countersError } }],
  }
  const cpus = placement.cpus.length
  await journal?.begin({ document: hideSecrets(facts), cpus })
  const outcome = await run({
    ...{ plan, session },
    watcher: {
      ...watcher,
      // The document is what declares secrets.
      onMeasured: async (one) => {
        await watcher.onMeasured?.(one)
        await journal?.add(hideSecrets({ ...facts, trials: [one] }).trials[0] as Measurement)
      },
    },
    driver: driver?.values.driver,
    counters: countersError === undefined,
  })
  const { failure } = outcome
  if (failure !== undefined) {
    if (options.onFailure === undefined) throw failure
    options.onFailure(withoutSecrets(failure, options) as Error)
  }
  const extra = options.steps
    ? await unlessAborted(
        signal,
        stepTrials({ plan, session, outcome, driver: driver?.values.driver }),
      )
    : undefined
  await session.beds.readClocks()
  const document = {
    ...analysed(facts, outcome, { cpus, noise, isComplete: !signal.aborted }),
    // Of its first trial, where no target was started before.
    ...usedEngine(session),
  }
  return extra === undefined ? document : { ...document, stepTrials: extra }
}

function usedEngine(session: Session): Pick<ResultDocument, 'engine'> {
  const engine = engineFacts(session)
  return engine === undefined ? {} : { engine }
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
