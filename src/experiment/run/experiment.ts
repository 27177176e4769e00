import { build } from '../../kit/module-path.ts'
import { placementOf } from '../../lab/arm-placement.ts'
import { counterUnavailable } from '../../meter/counters.ts'
import { isAbPlan } from '../../plan/ab-plan.ts'
import type { Phase, Plan } from '../../plan/plan.ts'
import {
  documentVersion,
  type Measurement,
  type PhaseEnding,
  type ResultDocument,
  type TargetFacts,
} from '../../result/document.ts'
import { analyse } from '../findings/analyse.ts'
import { comparisons } from '../findings/comparisons.ts'
import { againstControl } from '../findings/control.ts'
import { curves } from '../findings/curves.ts'
import { speedRange } from '../findings/host-speed.ts'
import { marginsOf } from '../findings/margins.ts'
import { checkRate } from './calibration.ts'
import { configWarningLines } from './config-warnings.ts'
import { preflight } from './preflight.ts'
import { type RunOutcome, type RunWatcher, run } from './run.ts'
import type { Session } from './session.ts'

/** A plan to run, and the fields of the document that describe its command. */
export interface ExperimentOptions {
  readonly plan: Plan
  readonly session: Session
  /** Version of lb. */
  readonly lb: string
  /** Arguments after `lb`. */
  readonly command: readonly string[]
  readonly watcher: RunWatcher
  /** The check of the targets before the first trial; replaced by tests that start no processes. */
  readonly checkTargets?: typeof preflight
}

/**
 * Runs a plan and returns the result document. The document of an interrupted run holds the trials that were
 * over, and is marked as incomplete.
 *
 * @throws {UsageError} the driver cannot send at the rate of the plan, or a target cannot be set up
 * @throws {ProcessError} a process could not be started, or died
 */
export async function experiment(options: ExperimentOptions): Promise<ResultDocument> {
  const { plan, session, lb, command, watcher, checkTargets = preflight } = options
  const { host, placement, signal } = session
  const createdAt = new Date().toISOString()
  const countersError = await counterUnavailable()
  const targets = await unlessAborted(signal, checkTargets({ plan, session }))
  await checkRate({ plan, session })
  const outcome = await run({ plan, session, watcher, counters: countersError === undefined })
  const trials = againstControl(plan, outcome.trials)
  const cpus = placement.cpus.length
  const findings = analyse(plan, trials, cpus)
  const descriptions = plan.arms.map((arm) => placementOf(arm, placement).description)
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
    placement: [...new Set(descriptions)].join(' · '),
    ...(targets && { targets }),
    trials,
    phaseEndings: [...outcome.phaseEndings],
    findings,
    // The sides of an A/B plan are compared by the gate, which knows more metrics.
    comparisons: isAbPlan(plan)
      ? []
      : comparisons(plan, trials, { margin: marginsOf(session.noise), cpus }),
    curves: curves(plan, findings),
    gates: [],
    warnings: [
      ...configWarningLines(plan),
      ...(targets ?? []).flatMap(incomparable),
      ...warnings(plan, { ...outcome, trials }),
      ...(countersError === undefined ? [] : [`instructions were not counted: ${countersError}`]),
    ],
  }
}

/** The value of `work`; undefined if it failed because the signal aborted. */
async function unlessAborted<Value>(
  signal: AbortSignal,
  work: Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

function incomparable({ target, side, responseDifferences }: TargetFacts): string[] {
  if (responseDifferences.length === 0) return []
  const who = side === undefined ? target : `${side} ${target}`
  return [
    `the numbers of ${who} do not compare: its first answer differs from that of the backend asked directly (${responseDifferences.join('; ')})`,
  ]
}

function warnings(plan: Plan, { trials, phaseEndings }: RunOutcome): string[] {
  const invalid = trials.filter(({ verdict }) => !verdict.valid)
  const cut = phaseEndings.filter(({ endedBy }) => endedBy === 'time')
  return [
    ...(phaseEndings.some(({ endedBy }) => endedBy === 'interrupted')
      ? [`interrupted: ${trials.length} of ${plan.trials.length} trials were measured`]
      : []),
    ...cut.map(({ phase, blocks }) => outOfTime(phase, blocks, plan.blocks)),
    ...phaseEndings.flatMap(slowedDown),
    ...(build(import.meta.url) === 'source'
      ? ['the processes ran from TypeScript sources: they cost more memory than compiled ones']
      : []),
    ...(invalid.length > 0 ? [invalidWarning(trials, invalid)] : []),
    ...faultWarnings(plan),
    ...speedWarning(trials),
  ]
}

/** Least blocks that have an interval worth the name. */
const fewBlocks = 3

function outOfTime(phase: Phase, blocks: number, planned: number): string {
  const what = `the ${phase} phase was out of time after ${blocks} of ${planned} blocks`
  const worth = blocks === 1 ? 'a single one has no interval' : 'so few have a very wide interval'
  return `${what}${blocks < fewBlocks ? `, and ${worth}` : ''}: give it more by --max-time, or ask for fewer arms`
}

function slowedDown({ rate, wantedRate }: PhaseEnding): string[] {
  if (rate === undefined || wantedRate === undefined) return []
  return [
    `the latency phase ran at ${rate} req/s: at the ${wantedRate} that the slowest arm would have allowed, the driver without a balancer was late`,
  ]
}

/** Yardsticks further apart than this are worth a line. A judgement: a quiet host of one's own stays within it. */
const speedApart = 1.1

function speedWarning(trials: readonly Measurement[]): string[] {
  const range = speedRange(trials)
  if (range === undefined || range < speedApart) return []
  return [
    `the host was not of one speed: the same small load beside each trial cost up to ${range.toFixed(1)} times as much CPU in one as in another`,
  ]
}

/** What faults forbid to check, and what one trial of them does not tell. */
function faultWarnings({ faults, blocks }: Plan): string[] {
  if (faults === undefined) return []
  return [
    'the figures of each arm are over the whole window, its faults included; that backends receive no more than is answered was not checked, since a request that is tried again is received twice',
    ...(blocks === 1
      ? [
          'each fault was seen once: nothing is known of how much its times vary from trial to trial',
        ]
      : []),
  ]
}

function invalidWarning(trials: readonly Measurement[], invalid: readonly Measurement[]): string {
  return `${invalid.length} of ${trials.length} trials are invalid and enter no estimate`
}
