import { describeHost } from '../../host/describe-host.ts'
import { build } from '../../kit/module-path.ts'
import { type PlacementHost, placementHost } from '../../lab/cores.ts'
import { openTempDir } from '../../lab/temp-dir.ts'
import { counterUnavailable } from '../../meter/counters.ts'
import type { Phase, Plan } from '../../plan/plan.ts'
import {
  documentVersion,
  type Measurement,
  type PhaseEnding,
  type ResultDocument,
  type TargetFacts,
} from '../../result/document.ts'
import { readNoise } from '../../store/noise-store.ts'
import { analyse } from '../findings/analyse.ts'
import { comparisons } from '../findings/comparisons.ts'
import { againstControl } from '../findings/control.ts'
import { curves } from '../findings/curves.ts'
import { speedRange } from '../findings/host-speed.ts'
import { marginsOf } from '../findings/margins.ts'
import { checkRate, pacedAt } from './calibration.ts'
import { configWarningLines } from './config-warnings.ts'
import { preflight } from './preflight.ts'
import { placementOf, type RunOptions, type RunOutcome, type RunWatcher, run } from './run.ts'

/** An experiment to do: the plan, and what the document says of who asked. */
export interface ExperimentOptions {
  readonly plan: Plan
  /** Version of lb. */
  readonly lb: string
  /** Arguments after `lb`. */
  readonly command: readonly string[]
  readonly signal: AbortSignal
  readonly watcher: RunWatcher
  /** What runs one trial: real processes, unless a test knows better. */
  readonly runTrial?: NonNullable<RunOptions['runTrial']>
}

/**
 * Runs a plan and makes the result document of what was measured. An interrupted one holds the trials
 * that were over, and says that it is incomplete.
 *
 * @throws {UsageError} the rate that was asked for is more than the driver can send here
 * @throws {UsageError} a target cannot be set up as it is asked
 * @throws {ProcessError} a process could not be started, or died
 */
export async function experiment(options: ExperimentOptions): Promise<ResultDocument> {
  const { plan, lb, command, signal } = options
  const createdAt = new Date().toISOString()
  const placing = await placementHost()
  const host = await describeHost(placing.available.count)
  const noise = await readNoise(host.fingerprint)
  const uncounted = await counterUnavailable()
  const targets = options.runTrial === undefined ? await rehearsed(options, placing) : undefined
  await checkedRate(options, placing)
  const outcome = await run({
    ...options,
    host: placing,
    counters: uncounted === undefined,
    pacedAt: (rate, scratch) => pacedAt(rate, { ...options, placing, scratch }),
  })
  const trials = againstControl(plan, outcome.trials)
  const cpus = placing.cpus.length
  const findings = analyse(plan, trials, cpus)
  const placements = new Set(plan.arms.map((arm) => placementOf(arm, placing).description))
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
    ...(targets && { targets }),
    trials,
    phaseEndings: [...outcome.phaseEndings],
    findings,
    comparisons: comparisons(plan, trials, {
      margin: marginsOf(noise),
      cpus,
    }),
    curves: curves(plan, findings),
    gates: [],
    warnings: [
      ...configWarningLines(plan),
      ...(targets ?? []).flatMap(incomparable),
      ...warnings(plan, { ...outcome, trials }),
      ...(uncounted === undefined ? [] : [`instructions were not counted: ${uncounted}`]),
    ],
  }
}

async function checkedRate(
  { plan, signal, runTrial }: ExperimentOptions,
  placing: PlacementHost,
): Promise<void> {
  await using scratch = await openTempDir()
  await checkRate({ plan, placing, scratch, signal, ...(runTrial && { runTrial }) })
}

/** Interrupted before the first trial, nothing is known of the targets. */
async function rehearsed(
  { plan, signal }: ExperimentOptions,
  placing: PlacementHost,
): Promise<TargetFacts[] | undefined> {
  await using scratch = await openTempDir()
  try {
    return await preflight({ plan, placing, scratch, signal })
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
