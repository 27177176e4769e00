import type { Phase, Plan } from '../../plan/plan.ts'
import type { Measurement, PhaseEnding } from '../../result/document.ts'
import { stopReason } from '../../stats/estimates/precision.ts'
import { widestInterval } from './precision.ts'

/** The progress of a phase and of the whole run. */
export interface PhaseProgress {
  readonly phase: Phase
  /** Blocks that are over. */
  readonly blocks: number
  readonly secondsPerBlock: number
  /** Seconds since the run started. */
  readonly elapsedSeconds: number
  /** Fraction of the maximum time at which this phase must be over. */
  readonly share: number
}

/**
 * Whether a phase ends before its last block: because its intervals are narrow enough, or its time is over; never
 * because of the values measured, which would bias them.
 */
export function stopEarly(
  plan: Plan,
  measured: readonly Measurement[],
  progress: PhaseProgress,
): 'precision' | 'time' | undefined {
  if (plan.stop === undefined) return undefined
  const { precision = 0, maxSeconds, least } = plan.stop
  const reason = stopReason(
    {
      precision,
      minBlocks: least,
      maxBlocks: Number.POSITIVE_INFINITY,
      ...(maxSeconds !== undefined && { maxSeconds: maxSeconds * progress.share }),
    },
    {
      ...progress,
      halfWidth: widestInterval(plan, measured, progress.phase) ?? Number.POSITIVE_INFINITY,
    },
  )
  return reason === 'blocks' ? undefined : reason
}

/** The ending of a phase that was interrupted, with the number of blocks that have at least one trial. */
export function interruptedEnding(phase: Phase, measured: readonly Measurement[]): PhaseEnding {
  const own = measured.filter(({ trial }) => trial.phase === phase)
  return {
    phase,
    blocks: new Set(own.map(({ trial }) => trial.block)).size,
    endedBy: 'interrupted',
  }
}
