import { skippedKnobLines } from '../../reports/sections/tune.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { LiveFlags } from '../cli/live-flag.ts'
import { resultExitCode } from '../cli/result-exit-code.ts'
import { type Margins, marginsOf } from '../experiment/findings/margins.ts'
import { checkPlan } from '../experiment/run/check-plan.ts'
import { experiment } from '../experiment/run/experiment.ts'
import { planFor } from '../experiment/run/plan-for.ts'
import { judgeKnobs } from '../experiment/tune/judge-knobs.ts'
import { readHostSettings } from '../experiment/tune/read-host-settings.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { checkOutput } from '../kit/output.ts'
import { chooseKnobs } from '../knobs/choose-knobs.ts'
import { type ScreenPlan, screenPlan } from '../knobs/screen-plan.ts'
import { type TunePlan, tunePlan } from '../knobs/tune-plan.ts'
import type { Plan } from '../plan/plan.ts'
import type { ResultDocument } from '../result/document.ts'
import type { Schedule } from '../result/schedule.ts'
import type { Journal } from '../store/journal.ts'
import { dryRun } from './dry-run.ts'
import { endMessage } from './live-run.ts'
import { type LiveSession, openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { runJournal } from './run-journal.ts'
import { screened } from './screened.ts'
import { showResult } from './show-result.ts'
import { showTrials } from './show-trials.ts'
import { checkKeep, reportStored, shownAgain, storeResult } from './store-result.ts'

/** Values of the flags of `lb tune`. Times in seconds. */
interface TuneFlags extends LiveFlags {
  readonly target: string
  readonly cores: number
  readonly only?: readonly string[] | undefined
  readonly screen: boolean
  readonly scenario: string
  readonly 'max-time': number
  readonly duration: number
  readonly warmup: number
  readonly trials?: number | undefined
  readonly phase: 'capacity' | 'latency' | 'both'
  readonly rate?: number | undefined
  readonly connections?: number | undefined
  readonly seed?: number | undefined
  readonly 'dry-run': boolean
  readonly output?: string | undefined
  readonly force: boolean
  readonly keep?: boolean | undefined
  readonly format: string
}

/**
 * Measures each knob of a target beside its default, and reports which helped.
 *
 * @throws {UsageError} the flags, the scenario or a knob cannot be used; before anything is measured
 * @throws {ProcessError} a process could not be started, or died
 */
export async function tune(
  flags: TuneFlags,
  invocation: Invocation,
): Promise<ResultDocument | Schedule> {
  const output = flags.output === undefined ? undefined : { path: flags.output, force: flags.force }
  if (output) await checkOutput(output)
  await checkKeep(flags.keep)
  const options = {
    ...{ base: await basePlan(flags), chosen: chooseKnobs(flags.target, flags.only, flags.cores) },
    ...{ blocks: flags.trials, maxSeconds: flags['max-time'] },
  }
  const screen = flags.screen ? screenPlan(options) : undefined
  const planned = screen ?? tunePlan(options)
  const { plan } = planned
  for (const line of skippedKnobLines(planned.skipped)) invocation.note(`skipped: ${line}`)
  if (screen !== undefined) invocation.note(screenLine(screen.factors))
  if (flags['dry-run']) return dryRun(plan, invocation)
  await checkPlan(plan)

  await using session = await openLiveSession(flags, invocation)
  await using journal = await runJournal(flags.keep, invocation)
  const failures: Error[] = []
  const run = (one: Plan, kept?: Journal) =>
    experiment({
      ...{ plan: one, session, journal: kept, command: invocation.commandLine },
      lb: invocation.version,
      watcher: showTrials(one, session, invocation),
      onFailure: (error) => failures.push(error),
    })
  const judging = { margin: marginsOf(session.noise), isOver: () => isOver(session, failures) }
  const measured =
    'levels' in planned
      ? await screened(planned, options, { ...judging, run: (one) => run(one) })
      : await judged(planned, await run(plan, journal), judging.margin)
  const document = withHost(measured)
  session.progress.clear()
  const destinations = { output, keep: flags.keep }
  const stored = await storeResult(document, destinations)
  if (stored.isLost) journal.keep()
  const show = { format: flags.format, stored: shownAgain(stored, destinations) }
  const isInterrupted = session.signal.aborted
  const isOnScreen = await showResult(document, { ...show, isInterrupted }, invocation)
  invocation.endWith(resultExitCode(document, { 'on-inconclusive': 'pass' }))
  reportStored(stored, { ...destinations, isOnScreen }, invocation)
  await session.page?.end({ message: endMessage(stored.files, isInterrupted), thresholds: [] })
  for (const error of failures) invocation.fail(error)
  if (isInterrupted) invocation.endWith(exitCodes.interrupted)
  return document
}

/** The knobs of a screen, whose runs have numbers in place of names. */
function screenLine(factors: ScreenPlan['factors']): string {
  const names = factors.map(({ knob, value }) => `${knob.name}=${value}`)
  return `screening ${names.join(', ')}`
}

/** Whether nothing more is to be measured. */
function isOver({ signal }: LiveSession, failures: readonly Error[]): boolean {
  return signal.aborted || failures.length > 0
}

function withHost(document: ResultDocument): ResultDocument {
  const { tune: found } = document
  return found === undefined
    ? document
    : { ...document, tune: { ...found, host: readHostSettings() } }
}

async function judged(
  planned: TunePlan,
  measured: ResultDocument,
  margin: Margins,
): Promise<ResultDocument> {
  return { ...measured, tune: judgeKnobs(planned, measured, margin) }
}

/** The load of the scenario on one arm of the target, with a driver that speaks HTTP/2 as well. */
async function basePlan(flags: TuneFlags) {
  const { target, cores, scenario, duration, warmup, phase, rate, connections } = flags
  const plan = await planFor({
    scenario,
    seed: flags.seed ?? newSeed(),
    overrides: {
      ...{ targets: [target], algorithms: ['round-robin'], cores: [cores], control: false },
      ...{ duration, warmup, phase, rate, connections, driver: 'lean', trials: 2 },
    },
  })
  return { ...plan, scenario: 'tune', warmup: { least: warmup, most: warmup } }
}
