import type { RunState, TrialFigures } from '../../reports/commands/run-view.ts'
import { trialFigures } from '../../reports/commands/trial-figures.ts'
import { trialCauses } from '../../reports/sections/causes.ts'
import type { Plan, Trial } from '../plan/plan.ts'
import { timeOf } from '../plan/plan-time.ts'
import type { Measurement } from '../result/document.ts'

/** Follows a run: what it has measured, and the time that is left. */
export interface RunFollower {
  /** A trial starts. */
  started(trial: Trial, progress: { readonly done: number; readonly of: number }): void
  /** A trial is over. */
  measured(measurement: Measurement): void
  /** The run as it is now. */
  state(): RunState
}

/** What the run follower needs to know of its surroundings. */
export interface FollowOptions {
  /** `lb bench`. */
  readonly command: string
  readonly signal: AbortSignal
  /** Milliseconds; the clock of the process unless a test has its own. */
  readonly now?: () => number
}

/** A follower of a run of `plan` that begins now. */
export function followRun(
  plan: Plan,
  { command, signal, now = () => performance.now() }: FollowOptions,
): RunFollower {
  const begunMs = now()
  const measured: Measurement[] = []
  const figures: TrialFigures[] = []
  let current = 'starting each target once'
  let [done, of] = [0, plan.trials.length]
  let firstMs: number | undefined
  const secondsSince = (ms: number) => (now() - ms) / 1000
  return {
    started(trial, progress) {
      firstMs ??= now()
      done = progress.done
      of = progress.of
      const isRepeated = measured.some(({ trial: one }) => isSame(one, trial))
      current = `${trial.phase}  ${trial.arm}, trial ${trial.block + 1} of ${plan.blocks}${isRepeated ? ' (repeated)' : ''}`
    },
    measured(measurement) {
      // The witness checks the driver: its figures are none of the arm's.
      if (measurement.trial.witness !== undefined) return
      measured.push(measurement)
      figures.push(trialFigures(measurement))
    },
    state: () => ({
      title: `${command}  ${plan.scenario}`,
      elapsed: secondsSince(begunMs),
      left: leftOf(plan, {
        done,
        of,
        secondsMeasuring: firstMs === undefined ? 0 : secondsSince(firstMs),
      }),
      done,
      of,
      current,
      arms: plan.arms.map(({ name }) => name),
      figures,
      troubles: trialCauses(measured).map(({ words }) => words),
      isStopping: signal.aborted,
    }),
  }
}

function isSame(a: Trial, b: Trial): boolean {
  return a.arm === b.arm && a.phase === b.phase && a.block === b.block
}

/** Seconds that are left: by the time that trials took so far, and before the first by the plan; within --max-time. */
function leftOf(
  plan: Plan,
  {
    done,
    of,
    secondsMeasuring,
  }: { readonly done: number; readonly of: number; readonly secondsMeasuring: number },
): number {
  const perTrial = done === 0 ? timeOf(plan).least / of : secondsMeasuring / (done + 0.5)
  const left = Math.max(
    0,
    perTrial * (of - done) - (done === 0 ? secondsMeasuring : 0.5 * perTrial),
  )
  const most = plan.stop?.maxSeconds
  return most === undefined ? left : Math.min(left, Math.max(0, most - secondsMeasuring))
}
