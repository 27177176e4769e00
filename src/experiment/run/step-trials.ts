import { placementOf } from '../../lab/arm-placement.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import type { RunOutcome } from './run.ts'
import type { Session } from './session.ts'

/** A run that is over, and where it was. */
export interface StepTrialsOptions {
  readonly plan: Plan
  readonly session: Pick<Session, 'placement' | 'tempDir' | 'signal' | 'runTrial'>
  readonly outcome: RunOutcome
  /** Name of the driver of the capacity phase. */
  readonly driver: string | undefined
}

/**
 * One further trial of each arm of the reference balancer, in the last phase of the plan, in which it times the steps of
 * requests. They are extra trials, since the marks cost CPU time that no other target would pay.
 */
export async function stepTrials(options: StepTrialsOptions): Promise<Measurement[]> {
  const { plan, session, outcome, driver } = options
  const { placement: host, tempDir, signal, runTrial } = session
  const [phase] = plan.phases.slice(-1)
  const rate = outcome.phaseEndings.find((one) => one.phase === phase)?.rate
  const measured: Measurement[] = []
  if (phase === undefined || outcome.failure !== undefined) return measured
  for (const arm of plan.arms) {
    if (arm.target !== 'reference' || signal.aborted) continue
    const driving = rate === undefined ? (driver ?? 'autocannon') : 'open-loop'
    const placement = placementOf(arm, host, { plan, driver: driving })
    const trial = { block: plan.blocks, arm: arm.name, phase, seed: plan.seed }
    measured.push(
      await runTrial({
        ...{ plan, arm, trial, placement, tempDir, signal, rate, driver },
        timesSteps: true,
      }),
    )
  }
  return measured
}
