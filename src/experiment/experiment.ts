import { build } from '../kit/entry.ts'
import { placementHost } from '../lab/cores.ts'
import type { Plan } from '../plan/plan.ts'
import { documentVersion, type Measurement, type ResultDocument } from '../result/document.ts'
import { describeHost } from '../result/host.ts'
import { readNoise } from '../result/noise-store.ts'
import { marginOn } from '../stats/noise-floor.ts'
import { analyse } from './analyse.ts'
import { comparisons } from './comparisons.ts'
import { againstControl } from './control.ts'
import { curves } from './curves.ts'
import { type Outcome, placementOf, type RunWatcher, run } from './run.ts'

/** An experiment to do: the plan, and what the document says of who asked. */
export interface ExperimentOrder {
  readonly plan: Plan
  /** Version of lb. */
  readonly lb: string
  /** Arguments after `lb`. */
  readonly command: readonly string[]
  readonly signal: AbortSignal
  readonly watcher: RunWatcher
}

/**
 * Runs a plan and makes the result document of what was measured. An interrupted one holds the trials
 * that were over, and says that it is incomplete.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function experiment(order: ExperimentOrder): Promise<ResultDocument> {
  const { plan, lb, command, signal, watcher } = order
  const createdAt = new Date().toISOString()
  const placing = await placementHost()
  const host = await describeHost(placing.available.count)
  const noise = await readNoise(host.fingerprint)
  const outcome = await run({ plan, host: placing, signal, watcher })
  const trials = againstControl(plan, outcome.trials)
  const cpus = placing.cpus.length
  const findings = analyse(plan, trials, cpus)
  const placements = new Set(plan.arms.map((arm) => placementOf(arm, placing).words))
  return {
    format: 'lb-result',
    version: documentVersion,
    lb,
    build: build(import.meta.url),
    createdAt,
    command: [...command],
    complete: !signal.aborted,
    host,
    plan,
    placement: [...placements].join(' · '),
    trials,
    endings: [...outcome.endings],
    findings,
    comparisons: comparisons(plan, trials, {
      margin: (metric) => marginOn(noise?.floors[metric]),
      cpus,
    }),
    curves: curves(plan, findings),
    gates: [],
    warnings: warnings(plan, { ...outcome, trials }),
  }
}

function warnings(plan: Plan, { trials, endings }: Outcome): string[] {
  const invalid = trials.filter(({ verdict }) => !verdict.valid)
  const cut = endings.filter(({ reason }) => reason === 'time')
  return [
    ...(endings.some(({ reason }) => reason === 'interrupted')
      ? [`interrupted: ${trials.length} of ${plan.trials.length} trials were measured`]
      : []),
    ...cut.map(({ phase, blocks }) => `out of time: ${phase} ended after ${blocks} blocks`),
    ...(build(import.meta.url) === 'source'
      ? ['the processes ran from TypeScript sources: they cost more memory than compiled ones']
      : []),
    ...(invalid.length > 0 ? [invalidWarning(trials, invalid)] : []),
  ]
}

function invalidWarning(trials: readonly Measurement[], invalid: readonly Measurement[]): string {
  return `${invalid.length} of ${trials.length} trials are invalid and enter no estimate`
}
