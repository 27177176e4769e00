import { build } from '../../kit/module-path.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Measurement, PhaseEnding } from '../../result/document.ts'
import type { Reason } from '../../result/reason.ts'
import { speedRange } from '../findings/host-speed.ts'
import type { RunOutcome } from './run.ts'

/** Warnings about a run: its end, discarded trials, and the state of its host. */
export function runWarnings(plan: Plan, { trials, phaseEndings }: RunOutcome): Reason[] {
  return [
    ...interrupted(plan, trials, phaseEndings),
    ...phaseEndings
      .filter(({ endedBy }) => endedBy === 'time')
      .map(({ phase, blocks }): Reason => {
        return { code: 'out-of-time', values: { phase, blocks, planned: plan.blocks } }
      }),
    ...phaseEndings.flatMap(rateLowered),
    ...sourceBuild(),
    ...discarded(trials),
    ...faultWarnings(plan),
    ...hostSpeedVaried(trials),
  ]
}

function interrupted(
  plan: Plan,
  trials: readonly Measurement[],
  phaseEndings: readonly PhaseEnding[],
): Reason[] {
  if (!phaseEndings.some(({ endedBy }) => endedBy === 'interrupted')) return []
  return [{ code: 'interrupted', values: { measured: trials.length, planned: plan.trials.length } }]
}

function rateLowered({ rate, wantedRate }: PhaseEnding): Reason[] {
  if (rate === undefined || wantedRate === undefined) return []
  return [{ code: 'rate-lowered', values: { rate, wantedRate } }]
}

function sourceBuild(): Reason[] {
  return build(import.meta.url) === 'source' ? [{ code: 'source-build', values: {} }] : []
}

function discarded(trials: readonly Measurement[]): Reason[] {
  const { length } = trials.filter(({ verdict }) => !verdict.valid)
  if (length === 0) return []
  return [{ code: 'trials-discarded', values: { discarded: length, trials: trials.length } }]
}

/** Which checks faults rule out, and what a single trial of them does not show. */
function faultWarnings({ faults, blocks }: Plan): Reason[] {
  if (faults === undefined) return []
  const allFigures: Reason = { code: 'whole-window-with-faults', values: {} }
  return blocks === 1 ? [allFigures, { code: 'faults-seen-once', values: {} }] : [allFigures]
}

/** Ratio of the reference load's highest to its lowest cost from which on it is reported. A judgement: a quiet dedicated host stays below. */
const reportedSpeedRange = 1.1

function hostSpeedVaried(trials: readonly Measurement[]): Reason[] {
  const factor = speedRange(trials)
  if (factor === undefined || factor < reportedSpeedRange) return []
  return [{ code: 'host-speed-varied', values: { factor } }]
}
