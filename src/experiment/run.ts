import { type Placement, place, type placementHost } from '../lab/cores.ts'
import { openScratch } from '../lab/scratch.ts'
import type { Arm, Plan, Trial } from '../plan/plan.ts'
import type { Measurement } from '../result/document.ts'
import { runTrial } from './trial.ts'

type PlacingHost = Awaited<ReturnType<typeof placementHost>>

/** What a watcher of a run is told when a trial begins. */
export interface RunProgress {
  /** Trials that are over, and that the plan has. */
  readonly done: number
  readonly of: number
  readonly trial: Trial
}

export interface RunOrder {
  readonly plan: Plan
  readonly host: PlacingHost
  /** When it aborts, the trial under way is thrown away and what was measured before is kept. */
  readonly signal: AbortSignal
  onTrial(progress: RunProgress): void
}

/**
 * Runs a plan's trials in their order, each with fresh processes, and leaves none behind.
 *
 * @throws {ProcessError} a process could not be started, or died; its logs are kept
 */
export async function run({ plan, host, signal, onTrial }: RunOrder): Promise<Measurement[]> {
  await using scratch = await openScratch()
  const arms = new Map(plan.arms.map((arm) => [arm.name, arm]))
  const measured: Measurement[] = []
  try {
    for (const trial of plan.trials) {
      signal.throwIfAborted()
      onTrial({ done: measured.length, of: plan.trials.length, trial })
      const arm = arms.get(trial.arm) as Arm
      const placement = placementOf(arm, host)
      measured.push(await runTrial({ plan, arm, trial, placement, scratch, signal }))
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return measured
}

/** Where the processes of an arm run. */
export function placementOf(arm: Arm, { cpus, refusal }: PlacingHost): Placement {
  return place({ cpus, cores: arm.cores, refusal })
}
