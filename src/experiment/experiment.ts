import { build } from '../kit/entry.ts'
import { placementHost } from '../lab/cores.ts'
import type { Plan } from '../plan/plan.ts'
import { documentVersion, type Measurement, type ResultDocument } from '../result/document.ts'
import { describeHost } from '../result/host.ts'
import { analyse } from './analyse.ts'
import { placementOf, type RunProgress, run } from './run.ts'

/** An experiment to do: the plan, and what the document says of who asked. */
export interface ExperimentOrder {
  readonly plan: Plan
  /** Version of lb. */
  readonly lb: string
  /** Arguments after `lb`. */
  readonly command: readonly string[]
  readonly signal: AbortSignal
  onTrial(progress: RunProgress): void
}

/**
 * Runs a plan and makes the result document of what was measured. An interrupted one holds the trials
 * that were over, and says that it is incomplete.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function experiment(order: ExperimentOrder): Promise<ResultDocument> {
  const { plan, lb, command, signal, onTrial } = order
  const createdAt = new Date().toISOString()
  const placing = await placementHost()
  const host = await describeHost(placing.available.count)
  const trials = await run({ plan, host: placing, signal, onTrial })
  const cpus = placing.cpus.length
  const placements = new Set(plan.arms.map((arm) => placementOf(arm, placing).words))
  return {
    format: 'lb-result',
    version: documentVersion,
    lb,
    build: build(import.meta.url),
    createdAt,
    command: [...command],
    complete: trials.length === plan.trials.length,
    host,
    plan,
    placement: [...placements].join(' · '),
    trials,
    findings: analyse(plan, trials, cpus),
    comparisons: [],
    curves: [],
    gates: [],
    warnings: warnings(plan, trials),
  }
}

function warnings(plan: Plan, trials: readonly Measurement[]): string[] {
  const invalid = trials.filter(({ verdict }) => !verdict.valid)
  return [
    ...(trials.length < plan.trials.length
      ? [`interrupted: ${trials.length} of ${plan.trials.length} trials were measured`]
      : []),
    ...(build(import.meta.url) === 'source'
      ? ['the processes ran from TypeScript sources: they cost more memory than compiled ones']
      : []),
    ...(invalid.length > 0
      ? [`${invalid.length} of ${trials.length} trials are invalid and enter no estimate`]
      : []),
  ]
}
