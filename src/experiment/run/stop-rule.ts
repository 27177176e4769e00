import type { Phase, Plan } from '../../plan/plan.ts'
import type { Measurement, PhaseEnding } from '../../result/document.ts'
import { stopReason } from '../../stats/estimates/precision.ts'
import { widest } from './precision.ts'

/** How far a phase has come, and the whole run with it. */
export interface PhaseState {
  readonly phase: Phase
  /** Blocks that are over. */
  readonly blocks: number
  readonly secondsPerBlock: number
  /** Seconds since the run began. */
  readonly elapsedSeconds: number
  /** Fraction of the whole time at which this phase must be over. */
  readonly share: number
}

/** Whether a phase ends before its last block: on how sure it is, or on the clock; never on what it says. */
export function endsEarly(
  plan: Plan,
  measured: readonly Measurement[],
  state: PhaseState,
): 'precision' | 'time' | undefined {
  if (plan.stop === undefined) return undefined
  const { precision = 0, maxSeconds, least } = plan.stop
  const reason = stopReason(
    {
      precision,
      minBlocks: least,
      maxBlocks: Number.POSITIVE_INFINITY,
      ...(maxSeconds !== undefined && { maxSeconds: maxSeconds * state.share }),
    },
    { ...state, halfWidth: widest(plan, measured, state.phase) ?? Number.POSITIVE_INFINITY },
  )
  return reason === 'blocks' ? undefined : reason
}

/** The ending of the phase in which a run was interrupted: it holds the blocks of which something was measured. */
export function interrupted(phase: Phase, measured: readonly Measurement[]): PhaseEnding {
  const own = measured.filter(({ trial }) => trial.phase === phase)
  return {
    phase,
    blocks: new Set(own.map(({ trial }) => trial.block)).size,
    endedBy: 'interrupted',
  }
}
