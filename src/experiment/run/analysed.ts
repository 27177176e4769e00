import { isAbPlan } from '../../plan/ab-plan.ts'
import type { ResultDocument } from '../../result/document.ts'
import type { Reason } from '../../result/reason.ts'
import type { Noise } from '../../store/noise-store.ts'
import { analyse } from '../findings/analyse.ts'
import { comparisons } from '../findings/comparisons.ts'
import { judgeAgainstControl } from '../findings/control.ts'
import { curves } from '../findings/curves.ts'
import { marginsOf } from '../findings/margins.ts'
import { visitSteps } from '../findings/visit-steps.ts'
import { withWitness } from '../findings/witness.ts'
import { armThresholds } from '../thresholds/arm-thresholds.ts'
import { answerOf } from './answer.ts'
import type { RunOutcome } from './run.ts'
import { runWarnings } from './run-warnings.ts'

/** What an analysis needs besides the plan and the trials. */
export interface AnalysisOptions {
  /** CPUs that processes could be placed on. */
  readonly cpus: number
  readonly noise: Noise | undefined
  /** Whether nothing interrupted the run; a failure makes it incomplete in any case. */
  readonly isComplete: boolean
}

/** The document of a run: `facts`, which it has before its first trial, with its trials and all that follows from them. */
export function analysed(
  facts: ResultDocument,
  outcome: RunOutcome,
  { cpus, noise, isComplete }: AnalysisOptions,
): ResultDocument {
  const { plan } = facts
  const { failure } = outcome
  const trials = judgeAgainstControl(plan, outcome.trials)
  const witnessed = judgeAgainstControl(plan, outcome.witnessed)
  const margin = marginsOf(noise)
  const findings = withWitness(analyse(plan, trials, cpus), {
    ...{ plan, measured: trials, witnessed, margin, cpus },
    driver: nameOfDriver(facts),
  })
  // The sides of an A/B plan are compared by the gate, which knows more metrics.
  const compared = isAbPlan(plan) ? [] : comparisons(plan, trials, { margin, cpus, findings })
  const steps = visitSteps(plan, trials, { margin, cpus })
  const thresholds = armThresholds(plan, trials)
  const failed: Reason[] =
    failure === undefined ? [] : [{ code: 'run-failed', values: { detail: failure.message } }]
  return {
    ...facts,
    complete: isComplete && failure === undefined,
    trials,
    ...(plan.witness && { witnessTrials: witnessed }),
    phaseEndings: [...outcome.phaseEndings],
    findings,
    comparisons: compared,
    ...(steps && { visitSteps: steps }),
    ...(thresholds.length > 0 && { thresholds }),
    ...(!isAbPlan(plan) && {
      answer: answerOf({
        ...{ plan, host: facts.host, measured: trials, findings, comparisons: compared, margin },
      }),
    }),
    curves: curves(plan, findings),
    warnings: [...failed, ...runWarnings(plan, { ...outcome, trials }), ...facts.warnings],
  }
}

/** The driver of the capacity phase; empty where there is no such phase. */
function nameOfDriver({ driver }: Pick<ResultDocument, 'driver'>): string {
  const values = driver?.values ?? {}
  return 'driver' in values && typeof values.driver === 'string' ? values.driver : ''
}
