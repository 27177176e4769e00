import { type Placement, place, type placementHost } from '../../lab/cores.ts'
import { openTempDir, type TempDir } from '../../lab/temp-dir.ts'
import type { Arm, Phase, Plan, Trial } from '../../plan/plan.ts'
import type { Measurement, PhaseEnding } from '../../result/document.ts'
import { findTarget } from '../../targets/find-target.ts'
import { widest } from './precision.ts'
import { type Paced, pacedRate, rateOf } from './rate.ts'
import { endsEarly, interrupted } from './stop-rule.ts'
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

export interface RunOptions {
  readonly plan: Plan
  readonly host: PlacingHost
  /** Sees whether the driver keeps pace at a rate; without it no rate is bounded by the driver. */
  pacedAt?(rate: number, scratch: TempDir): Promise<Paced>
  /** When it aborts, the trial under way is thrown away and what was measured before is kept. */
  readonly signal: AbortSignal
  readonly watcher: RunWatcher
  /** Whether the target's instructions are counted. */
  readonly counters?: boolean
  /** What runs one trial: real processes, unless a test knows better. */
  readonly runTrial?: typeof runTrial
}

/** What a run gave: every trial that was measured, and how each phase ended. */
export interface RunOutcome {
  readonly trials: readonly Measurement[]
  readonly phaseEndings: readonly PhaseEnding[]
}

/**
 * Runs a plan phase by phase and block by block, each trial with fresh processes, and leaves none behind. A
 * trial that was disturbed is run once more at the end of its block, within bounds.
 *
 * @throws {ProcessError} a process could not be started, or died; its logs are kept
 */
export async function run(options: RunOptions): Promise<RunOutcome> {
  const { plan, signal } = options
  await using scratch = await openTempDir()
  const begun = performance.now()
  const session: Session = { runTrial, ...options, scratch, begun, measured: [], reruns: 0 }
  const phaseEndings: PhaseEnding[] = []
  for (const [index, phase] of plan.phases.entries()) {
    const share = (index + 1) / plan.phases.length
    try {
      const rates = phase === 'latency' ? await rateFor(session) : undefined
      phaseEndings.push({
        ...(await runPhase(session, { phase, rate: rates?.rate, share })),
        ...rates,
      })
    } catch (error) {
      if (!signal.aborted) throw error
      phaseEndings.push(interrupted(phase, session.measured))
      break
    }
  }
  return { trials: session.measured, phaseEndings }
}

/** The rate of the latency phase, and what it would have been but for the driver. */
async function rateFor({ plan, measured, pacedAt, scratch }: Session): Promise<Rates> {
  const wanted = rateOf(plan, measured)
  if (plan.arrivals.rate !== undefined || pacedAt === undefined) return { rate: wanted }
  const rate = await pacedRate(wanted, (one) => pacedAt(one, scratch))
  return { rate, ...(rate < wanted && { wantedRate: wanted }) }
}

type Rates = Pick<PhaseEnding, 'rate' | 'wantedRate'>

interface Session extends RunOptions {
  readonly runTrial: typeof runTrial
  readonly scratch: TempDir
  readonly begun: number
  readonly measured: Measurement[]
  reruns: number
}

interface PhaseOptions {
  readonly phase: Phase
  readonly rate: number | undefined
  /** Fraction of the whole time at which this phase must be over. */
  readonly share: number
}

async function runPhase(
  session: Session,
  { phase, rate, share }: PhaseOptions,
): Promise<PhaseEnding> {
  const { plan, measured, watcher } = session
  const blocks = Map.groupBy(
    plan.trials.filter((trial) => trial.phase === phase),
    ({ block }) => block,
  )
  const begun = performance.now()
  let endedBy: PhaseEnding['endedBy'] = 'plan'
  let done = 0
  for (const trials of blocks.values()) {
    await runBlock(session, trials, rate)
    done++
    const secondsPerBlock = secondsSince(begun) / done
    watcher.onBlock?.({ phase, blocks: done, measured, secondsPerBlock })
    const elapsedSeconds = secondsSince(session.begun)
    const state = { phase, blocks: done, secondsPerBlock, elapsedSeconds, share }
    const early = done < blocks.size ? endsEarly(plan, measured, state) : undefined
    if (early) {
      endedBy = early
      break
    }
  }
  const widestHalfWidth = widest(plan, measured, phase)
  return {
    phase,
    blocks: done,
    endedBy,
    ...(widestHalfWidth !== undefined && { widestHalfWidth }),
  }
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
  const most = mostReruns(session.plan)
  for (const trial of again) {
    if (session.reruns >= most) return
    session.reruns++
    await runOne(session, trial, rate)
  }
}

/** One run in four may be a repetition: a host that spoils more is not fit to measure on. */
function mostReruns(plan: Pick<Plan, 'trials'>): number {
  return Math.ceil(plan.trials.length / 4)
}

async function runOne(
  session: Session,
  trial: Trial,
  rate: number | undefined,
): Promise<Measurement> {
  const { plan, host, signal, scratch, measured, watcher } = session
  signal.throwIfAborted()
  watcher.onTrial({ done: measured.length - session.reruns, of: plan.trials.length, trial })
  const arm = plan.arms.find(({ name }) => name === trial.arm) as Arm
  const placement = placementOf(arm, host)
  const { counters } = session
  const order = { plan, arm, trial, placement, scratch, signal, rate, counters }
  const measurement = await session.runTrial(order)
  measured.push(measurement)
  return measurement
}

/** Where the processes of an arm run. */
export function placementOf(arm: Arm, { cpus, pinningError }: PlacingHost): Placement {
  const external = findTarget(arm.target).needs === 'url'
  return place({ cpus, cores: arm.cores, pinningError, external })
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000
}
