import { renderedLoad } from '../../reports/formats/load/rendered-load.ts'
import type { EngineFlags } from '../cli/engine-flags.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { LiveFlags } from '../cli/live-flag.ts'
import { readTargetSettings, type UrlFlags } from '../cli/target-flags.ts'
import { thresholdExitCode } from '../cli/threshold-exit-code.ts'
import { runLoad } from '../experiment/load/run-load.ts'
import { checkPlan } from '../experiment/run/check-plan.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { UsageError } from '../kit/errors.ts'
import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import { checkOutput } from '../kit/output.ts'
import { hideInMessage } from '../kit/secrets.ts'
import { expand } from '../plan/expand.ts'
import { failedTest } from '../plan/load/k6-journey.ts'
import type { LoadPlan } from '../plan/load/load-plan.ts'
import { stepNames } from '../plan/load/load-plan-of.ts'
import type { Plan } from '../plan/plan.ts'
import { type LoadThreshold, loadThreshold } from '../plan/thresholds/load-threshold.ts'
import type { LoadResult } from '../result/schemas/load.ts'
import { engineFor } from './engine-for.ts'
import { endMessage } from './live-run.ts'
import { openLiveSession } from './live-session.ts'
import { loadDryRun } from './load-dry-run.ts'
import { loadKnee } from './load-knee.ts'
import { type GivenLoad, type LoadOfFlags, loadOfFlags } from './load-of-flags.ts'
import { type LoadOnce, loadOnce } from './load-once.ts'
import { newSeed } from './new-seed.ts'
import { prepareScript } from './prepare-script.ts'
import { showLoad } from './show-load.ts'
import { storeLoad } from './store-load.ts'
import { reportStored } from './store-result.ts'
import { writeSummary } from './write-summary.ts'

/** Values of the flags of `lb load`. */
interface LoadFlags extends LoadOfFlags, UrlFlags, LiveFlags, EngineFlags {
  readonly once: boolean
  readonly 'dry-run': boolean
  readonly target?: string | undefined
  readonly connections?: number | undefined
  readonly drivers?: number | undefined
  readonly 'max-in-flight'?: number | undefined
  readonly 'allow-degraded': boolean
  readonly seed?: number | undefined
  readonly output?: string | undefined
  readonly force: boolean
  readonly keep: boolean
  readonly format: string
}

/**
 * Runs a load test, stores its result and reports it.
 *
 * @throws {UsageError} the flags or the file cannot be used; before anything is sent
 * @throws {ProcessError} a process could not be started, or died
 */
export async function load(
  what: string,
  flags: LoadFlags,
  invocation: Invocation,
): Promise<LoadResult | LoadPlan | LoadOnce> {
  const output = flags.output === undefined ? undefined : { path: flags.output, force: flags.force }
  if (output) await checkOutput(output)
  const read = await loadOfFlags(what, flags)
  await using script = read.script
  for (const note of script?.plan.notes ?? []) invocation.note(note)
  const thresholds = thresholdsOf(read, flags)
  if (flags['dry-run']) return loadDryRun(read.load, invocation)
  const prepared = script && (await prepareScript(script, read))
  const given = { ...read, ...prepared }
  const plan = await planOf(given, flags)
  await checkPlan(plan)
  const engine = await engineFor(flags, plan, secondsOf(given.load, plan))
  await using session = await openLiveSession(flags, invocation, { cellSeconds: 0.5, engine })
  const target = targetName(given, plan)
  const run = { plan, load: given.load, session, target }
  if (flags.once) {
    const shown = await loadOnce(run, invocation)
    await prepared?.ended()
    return shown
  }
  const view = showLoad(given.load, session, `lb load  ${hideInMessage(what)}`)
  const result = await (isKnee(given.load, flags) ? loadKnee : runLoad)({
    ...{ ...run, thresholds },
    timeScale: flags['time-scale'],
    maxInFlight: flags['max-in-flight'],
    allowDegraded: flags['allow-degraded'],
    lb: invocation.version,
    command: invocation.commandLine,
    sampled: view.onSamples,
  })
  view.onEnd(result.thresholds)
  await prepared?.ended()
  session.progress.clear()
  const destinations = { output, keep: flags.keep ? undefined : false }
  const stored = await storeLoad(result, { output, isKept: flags.keep })
  if (script !== undefined) await writeSummary(script, result)
  invocation.print(await renderedLoad(flags.format, result, invocation.render))
  invocation.endWith(exitCodeOf(result, flags))
  reportStored(stored, { ...destinations, isComparable: false }, invocation)
  await session.page?.end({ message: endMessage(stored.files, session.signal.aborted) })
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  return result
}

/** Whether the rates that are held follow from the ramps: of the shape in the open model. */
function isKnee({ stages }: LoadPlan, { shape }: LoadFlags): boolean {
  return /^knee(?::|$)/.test(shape ?? '') && stages.length > 2 && stages[0]?.model === 'open'
}

/** The plan of the target: the first of the scenario, or the address. */
async function planOf({ scenario, url, script }: GivenLoad, flags: LoadFlags): Promise<Plan> {
  if (flags.http2 && url === undefined) {
    throw new UsageError(
      '--http2 is for a server that is already running, and no address is given',
      'give its address: --url http://127.0.0.1:8080',
    )
  }
  const { load: _, journeys: _journeys, data: _data, thresholds: _thresholds, ...own } = scenario
  const { faults: _faults, precision: _precision, witness: _witness, ...rest } = own
  const target = url === undefined ? (flags.target ?? scenario.targets[0] ?? 'reference') : 'url'
  const [algorithm = 'all'] = scenario.algorithms
  return expand({
    scenario: { ...rest, maxTime: undefined, phase: 'latency', rate: 1 },
    overrides: {
      targets: [target],
      algorithms: [algorithm === 'all' ? 'round-robin' : algorithm],
      cores: scenario.cores.slice(0, 1),
      ...{ control: false, trials: 1, timeout: flags.timeout },
      connections: flags.connections,
      drivers: flags.drivers,
      settings: await readTargetSettings({
        ...flags,
        url,
        ...(script?.plan.insecure === true && { insecure: true }),
      }),
    },
    registry,
    seed: flags.seed ?? newSeed(),
  })
}

function targetName({ url }: GivenLoad, { arms, settings }: Plan): string {
  if (url !== undefined) return hideInMessage(settings?.url?.url ?? url)
  const [arm] = arms
  return arm?.target === 'reference' ? `reference balancer, ${arm.algorithm}` : (arm?.target ?? '')
}

/** Seconds that a load may take, its time-outs included. */
function secondsOf({ stages }: LoadPlan, { timeout }: Plan): number {
  return stages.reduce((sum, { seconds }) => sum + seconds, 0) + 2 * timeout
}

/** Invalid where a stage was not sent as planned, or where the result is degraded, unless that is allowed. */
function exitCodeOf(
  { stages, drivers, thresholds, knee, metrics }: LoadResult,
  flags: Pick<LoadFlags, 'allow-degraded'>,
): ExitCode {
  const judged = thresholdExitCode(thresholds)
  // A threshold that ended the run left its later stages unsent.
  if (thresholds.some(({ why }) => why === 'stopped-early')) return judged
  // Beyond a knee not every visit can begin.
  const isUnsent = knee === undefined && stages.some(({ valid }) => !valid)
  const isDegraded = drivers.lost.length > 0 && !flags['allow-degraded']
  const isInvalid = isUnsent || isDegraded
  if (isInvalid) return exitCodes.invalid
  // A script may say that the test has failed, whatever its thresholds are.
  return metrics[failedTest] === undefined ? judged : exitCodes.checksFailed
}

/** The thresholds of the file and of flags. */
function thresholdsOf(
  { load, script }: GivenLoad,
  { threshold = [], 'time-scale': timeScale }: LoadFlags,
): LoadThreshold[] {
  const { steps = stepNames(load), metrics = {} } = script?.plan ?? {}
  const names = { stages: load.stages, steps, metrics, timeScale }
  const own = load.thresholds.length - threshold.length
  return load.thresholds.map((text, i) =>
    loadThreshold({ text, source: i < own ? 'threshold' : '--threshold' }, names),
  )
}
