import { placementOf } from '../../lab/arm-placement.ts'
import type { Arm, Phase, Plan, Trial } from '../../plan/plan.ts'
import type { Measurement, PhaseEnding } from '../../result/document.ts'
import { latencyRate } from './calibration.ts'
import { driverName } from './driver-name.ts'
import { lateError } from './late-error.ts'
import { widestInterval } from './precision.ts'
import type { Session } from './session.ts'
import { interruptedEnding, stopEarly } from './stop-rule.ts'

/** Callbacks of a run, for progress. */
export interface RunWatcher {
  /** A trial starts; `done` of `of` trials are over. */
  onTrial(progress: { readonly done: number; readonly of: number; readonly trial: Trial }): void
  /** A trial was measured; the next one waits until it is settled. */
  onMeasured?(measurement: Measurement): Promise<void> | void
  /** A block is over. */
  onBlock?(progress: BlockProgress): void
}

/** The progress of a phase. */
export interface BlockProgress {
  readonly phase: Phase
  /** Blocks that are over. */
  readonly blocks: number
  readonly measured: readonly Measurement[]
  readonly secondsPerBlock: number
}

/** A plan to run, and where. */
export interface RunOptions {
  readonly plan: Plan
  readonly session: Pick<
    Session,
    'placement' | 'tempDir' | 'signal' | 'runTrial' | 'engine' | 'beds'
  >
  readonly watcher: RunWatcher
  /** Name of the driver of the capacity phase. */
  readonly driver?: string | undefined
  /** Whether the target's instructions are counted. */
  readonly counters?: boolean
}

/** The result of a run: all trials, and how each phase ended. */
export interface RunOutcome {
  readonly trials: readonly Measurement[]
  /** The trials of the witness. */
  readonly witnessed: readonly Measurement[]
  readonly phaseEndings: readonly PhaseEnding[]
  /** The error that ended the run early. */
  readonly failure?: Error
}

/**
 * Runs a plan phase by phase and block by block, each trial with a new process of its target, and leaves none behind.
 * An invalid trial is repeated once at the end of its block, up to a maximum number of repetitions. An error after the
 * first trial ends the run, and the outcome holds it with the trials that were measured.
 *
 * @throws {ProcessError} before the first trial was measured: a process could not be started, or died; its logs are kept
 */
export async function run(options: RunOptions): Promise<RunOutcome> {
  const { plan, session } = options
  const state: RunState = {
    ...options,
    startedMs: performance.now(),
    measured: [],
    witnessed: [],
    reruns: 0,
  }
  const { measured, witnessed } = state
  const phaseEndings: PhaseEnding[] = []
  for (const [index, phase] of plan.phases.entries()) {
    const share = index === plan.phases.length - 1 ? 1 : firstPhaseShare
    try {
      const rates =
        phase === 'latency' ? await latencyRate(state.measured, { plan, session }) : undefined
      phaseEndings.push({
        ...(await runPhase(state, { phase, rate: rates?.rate, share })),
        ...rates,
      })
    } catch (error) {
      if (!session.signal.aborted && state.measured.length === 0) throw error
      phaseEndings.push(interruptedEnding(phase, state.measured))
      if (session.signal.aborted) break
      return { trials: measured, witnessed, phaseEndings, failure: lateError(error) }
    }
  }
  return { trials: measured, witnessed, phaseEndings }
}

/** Fraction of the maximum time within which the first of two phases must be over: it has the answer, the second may be cut. */
const firstPhaseShare = 0.65

/** A run in progress. */
interface RunState extends RunOptions {
  readonly startedMs: number
  readonly measured: Measurement[]
  readonly witnessed: Measurement[]
  /** Trials that were repeated. */
  reruns: number
}

interface PhaseOptions {
  readonly phase: Phase
  /** Requests per second, in the latency phase. */
  readonly rate: number | undefined
  /** Fraction of the maximum time at which this phase must be over. */
  readonly share: number
}

async function runPhase(
  state: RunState,
  { phase, rate, share }: PhaseOptions,
): Promise<PhaseEnding> {
  const { plan, measured, watcher } = state
  const blocks = Map.groupBy(
    plan.trials.filter((trial) => trial.phase === phase),
    ({ block }) => block,
  )
  const startedMs = performance.now()
  let endedBy: PhaseEnding['endedBy'] = 'plan'
  let done = 0
  for (const trials of blocks.values()) {
    await runBlock(state, trials, rate)
    done++
    const secondsPerBlock = secondsSince(startedMs) / done
    watcher.onBlock?.({ phase, blocks: done, measured, secondsPerBlock })
    const elapsedSeconds = secondsSince(state.startedMs)
    const progress = { phase, blocks: done, secondsPerBlock, elapsedSeconds, share }
    const early = done < blocks.size ? stopEarly(plan, measured, progress) : undefined
    if (early) {
      endedBy = early
      break
    }
  }
  const widestHalfWidth = widestInterval(plan, measured, phase)
  return { phase, blocks: done, endedBy, ...(widestHalfWidth !== undefined && { widestHalfWidth }) }
}

async function runBlock(
  state: RunState,
  trials: readonly Trial[],
  rate: number | undefined,
): Promise<void> {
  const invalid: Trial[] = []
  for (const trial of trials) {
    const { verdict } = await runOne(state, trial, rate)
    if (!verdict.valid) invalid.push(trial)
  }
  for (const trial of invalid) {
    if (state.reruns >= maxReruns(state.plan)) return
    state.reruns++
    await runOne(state, trial, rate)
  }
}

/** One trial in four may be repeated: a host that disturbs more is not fit for measurements. */
function maxReruns(plan: Pick<Plan, 'trials'>): number {
  return Math.ceil(plan.trials.length / 4)
}

async function runOne(
  state: RunState,
  trial: Trial,
  rate: number | undefined,
): Promise<Measurement> {
  const { plan, session, counters, measured, witnessed, watcher } = state
  const { placement: host, tempDir, signal, runTrial } = session
  signal.throwIfAborted()
  const done = measured.length + witnessed.length - state.reruns
  watcher.onTrial({ done, of: plan.trials.length, trial })
  const arm = armOf(plan, trial) as Arm
  const driver = trial.witness ?? state.driver
  const placement = placementOf(arm, host, { plan, driver: driverName({ plan, rate, driver }) })
  const measurement = await runTrial({
    ...{ plan, arm, trial, placement, tempDir, signal, rate, driver, counters },
    next: armOf(plan, followerOf(plan, trial)),
  })
  const trials = trial.witness === undefined ? measured : witnessed
  trials.push(measurement)
  await watcher.onMeasured?.(measurement)
  return measurement
}

function armOf({ arms }: Plan, trial: Trial | undefined): Arm | undefined {
  return arms.find(({ name }) => name === trial?.arm)
}

/** The trial after this one in its phase, unless trials are repeated in between. */
function followerOf({ trials }: Plan, trial: Trial): Trial | undefined {
  const next = trials[trials.indexOf(trial) + 1]
  return next?.phase === trial.phase ? next : undefined
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000
}
