import { type Placement, place, type placementHost } from '../lab/cores.ts'
import { openScratch, type Scratch } from '../lab/scratch.ts'
import type { Arm, Phase, Plan, Trial } from '../plan/plan.ts'
import type { Ending, Measurement } from '../result/document.ts'
import { stopReason } from '../stats/precision.ts'
import { median } from '../stats/quantile.ts'
import { widest } from './precision.ts'
import { runTrial } from './trial.ts'

type PlacingHost = Awaited<ReturnType<typeof placementHost>>

/** What a watcher of a run is told. */
export interface RunWatcher {
  /** A trial begins; `done` of `of` trials are over. */
  onTrial(progress: { readonly done: number; readonly of: number; readonly trial: Trial }): void
  /** A block is over. */
  onBlock?(progress: BlockProgress): void
}

/** How far a phase has come. */
export interface BlockProgress {
  readonly phase: Phase
  readonly blocks: number
  readonly measured: readonly Measurement[]
  readonly secondsPerBlock: number
}

export interface RunOrder {
  readonly plan: Plan
  readonly host: PlacingHost
  /** When it aborts, the trial under way is thrown away and what was measured before is kept. */
  readonly signal: AbortSignal
  readonly watcher: RunWatcher
}

/** What a run gave: every trial that was measured, and how each phase ended. */
export interface Outcome {
  readonly trials: readonly Measurement[]
  readonly endings: readonly Ending[]
}

/**
 * Runs a plan phase by phase and block by block, each trial with fresh processes, and leaves none behind. A
 * trial that was disturbed is run once more at the end of its block, within bounds.
 *
 * @throws {ProcessError} a process could not be started, or died; its logs are kept
 */
export async function run(order: RunOrder): Promise<Outcome> {
  const { plan, signal } = order
  await using scratch = await openScratch()
  const session: Session = { ...order, scratch, begun: performance.now(), measured: [], reruns: 0 }
  const endings: Ending[] = []
  try {
    for (const [index, phase] of plan.phases.entries()) {
      const rate = phase === 'latency' ? rateOf(plan, session.measured) : undefined
      const share = (index + 1) / plan.phases.length
      endings.push(await runPhase(session, { phase, rate, share }))
    }
  } catch (error) {
    if (!signal.aborted) throw error
    endings.push(interrupted(plan, session.measured))
  }
  return { trials: session.measured, endings }
}

interface Session extends RunOrder {
  readonly scratch: Scratch
  readonly begun: number
  readonly measured: Measurement[]
  reruns: number
}

interface PhaseOrder {
  readonly phase: Phase
  readonly rate: number | undefined
  /** Fraction of the whole time at which this phase must be over. */
  readonly share: number
}

async function runPhase(session: Session, order: PhaseOrder): Promise<Ending> {
  const { plan, measured, watcher } = session
  const { phase, rate } = order
  const blocks = Map.groupBy(
    plan.trials.filter((trial) => trial.phase === phase),
    ({ block }) => block,
  )
  const begun = performance.now()
  let reason: Ending['reason'] = 'plan'
  let done = 0
  for (const trials of blocks.values()) {
    await runBlock(session, trials, rate)
    done++
    const secondsPerBlock = (performance.now() - begun) / 1000 / done
    watcher.onBlock?.({ phase, blocks: done, measured, secondsPerBlock })
    const stop = done < blocks.size && endsHere(session, { ...order, done, secondsPerBlock })
    if (stop) {
      reason = stop
      break
    }
  }
  const halfWidth = widest(plan, measured, phase)
  return {
    phase,
    blocks: done,
    reason,
    ...(halfWidth !== undefined && { halfWidth }),
    ...(rate !== undefined && { rate }),
  }
}

/** Whether a phase ends before its last block: on how sure it is, or on the clock. */
function endsHere(
  { plan, measured, begun }: Session,
  state: PhaseOrder & { readonly done: number; readonly secondsPerBlock: number },
): 'precision' | 'time' | undefined {
  if (plan.stop === undefined) return undefined
  const { precision = 0, maxSeconds, least } = plan.stop
  const reason = stopReason(
    {
      precision,
      least,
      most: Number.POSITIVE_INFINITY,
      ...(maxSeconds !== undefined && { maxSeconds: maxSeconds * state.share }),
    },
    {
      blocks: state.done,
      halfWidth: widest(plan, measured, state.phase) ?? Number.POSITIVE_INFINITY,
      elapsedSeconds: (performance.now() - begun) / 1000,
      secondsPerBlock: state.secondsPerBlock,
    },
  )
  return reason === 'blocks' ? undefined : reason
}

async function runBlock(
  session: Session,
  trials: readonly Trial[],
  rate: number | undefined,
): Promise<void> {
  const again: Trial[] = []
  for (const trial of trials) {
    const { verdict } = await runOne(session, trial, rate)
    if (!verdict.valid) again.push(trial)
  }
  // One run in four may be a repetition: a host that spoils more is not fit to measure on.
  const most = Math.ceil(session.plan.trials.length / 4)
  for (const trial of again) {
    if (session.reruns++ < most) await runOne(session, trial, rate)
  }
}

async function runOne(
  { plan, host, signal, scratch, measured, watcher }: Session,
  trial: Trial,
  rate: number | undefined,
): Promise<Measurement> {
  signal.throwIfAborted()
  watcher.onTrial({ done: measured.length, of: plan.trials.length, trial })
  const arm = plan.arms.find(({ name }) => name === trial.arm) as Arm
  const placement = placementOf(arm, host)
  const measurement = await runTrial({ plan, arm, trial, placement, scratch, signal, rate })
  measured.push(measurement)
  return measurement
}

/** Where the processes of an arm run. */
export function placementOf(arm: Arm, { cpus, refusal }: PlacingHost): Placement {
  return place({ cpus, cores: arm.cores, refusal })
}

/** The rate that every arm meets: what was asked for, or a share of what the slowest arm could do. */
function rateOf(plan: Plan, measured: readonly Measurement[]): number {
  const { rate, share } = plan.arrivals
  if (rate !== undefined) return rate
  const capacities = plan.arms.map(({ name }) =>
    median(
      measured
        .filter(({ trial }) => trial.arm === name && trial.phase === 'capacity')
        .map(({ window, windowSeconds }) => window.ok / windowSeconds),
    ),
  )
  return Math.max(1, Math.floor(share * Math.min(...capacities)))
}

function interrupted(plan: Plan, measured: readonly Measurement[]): Ending {
  const phase = measured.at(-1)?.trial.phase ?? (plan.phases[0] as Phase)
  const blocks = new Set(
    measured.filter(({ trial }) => trial.phase === phase).map(({ trial }) => trial.block),
  )
  return { phase, blocks: blocks.size, reason: 'interrupted' }
}
