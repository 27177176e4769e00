import { reproductionFormats } from '../../reports/commands/reproduction.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { ProgressFlags } from '../cli/progress-flag.ts'
import { checkArms, reproduce as judgeReproduction } from '../experiment/reproduce/reproduce.ts'
import { experiment } from '../experiment/run/experiment.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { checkOutput, type Output } from '../kit/output.ts'
import type { StoredResult } from '../kit/stored-result.ts'
import { checkHostLimits, hostLimits } from '../lab/host-limits.ts'
import { documentedTables } from '../plan/documented/tables.ts'
import type { Plan } from '../plan/plan.ts'
import { reproductionPlan } from '../plan/reproduction-plan.ts'
import { withoutDestinations } from '../result/command-words.ts'
import type { ResultDocument } from '../result/document.ts'
import { readResult } from '../result/read.ts'
import type { Reproduction } from '../result/reproduction.ts'
import type { Schedule } from '../result/schedule.ts'
import type { Journal } from '../store/journal.ts'
import { dryRun } from './dry-run.ts'
import { openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { noteNothingMeasured } from './nothing-measured.ts'
import { runJournal } from './run-journal.ts'
import { showTrials } from './show-trials.ts'
import { reportStored, shownAgain, storeResult } from './store-result.ts'
import { storedRun } from './stored-run.ts'

/** Values of the flags of `lb reproduce`. Times in seconds. */
interface ReproduceFlags extends ProgressFlags {
  readonly connections?: number | undefined
  readonly duration?: number | undefined
  readonly warmup?: number | undefined
  readonly trials?: number | undefined
  readonly 'max-time'?: number | undefined
  readonly seed?: number | undefined
  readonly 'dry-run': boolean
  /** A stored result to use instead of measuring. */
  readonly result?: string | undefined
  readonly output?: string | undefined
  readonly force: boolean
  readonly keep?: boolean | undefined
  readonly format: string
}

/**
 * Measures the arms of documented tables, or reads them from a result, and checks whether the documented trends
 * hold.
 *
 * @throws {UsageError} the tables or the result cannot be read
 * @throws {ProcessError} a process could not be started, or died
 */
export async function reproduce(
  tables: string | undefined,
  flags: ReproduceFlags,
  invocation: Invocation,
): Promise<Reproduction | Schedule> {
  const output = flags.output === undefined ? undefined : { path: flags.output, force: flags.force }
  if (output) await checkOutput(output)
  const documented = await documentedTables(registry, tables)
  const plan = reproductionPlan({
    documented,
    overrides: { ...flags, maxTime: flags['max-time'] },
    seed: flags.seed ?? newSeed(),
    control: registry.control,
  })
  if (flags['dry-run']) return dryRun(plan, invocation)

  if (flags.result !== undefined) {
    const result = await storedResult(plan, flags.result)
    const shownBy = withoutDestinations(invocation.commandLine)
    const stored = { files: [], shownBy, page: undefined }
    // The run that stored the result has reported its exit code.
    return show(judgeReproduction(documented, result), { result, stored, flags, invocation })
  }
  return measureTables(documented, { tables, plan, output, flags, invocation })
}

interface MeasureTablesOptions {
  readonly tables: string | undefined
  readonly plan: Plan
  readonly output: Output | undefined
  readonly flags: ReproduceFlags
  readonly invocation: Invocation
}

async function measureTables(
  documented: Awaited<ReturnType<typeof documentedTables>>,
  { tables, plan, output, flags, invocation }: MeasureTablesOptions,
): Promise<Reproduction> {
  const failures: Error[] = []
  await using journal = await runJournal(flags.keep, invocation)
  const result = await measure(plan, { flags, invocation, journal, failures })
  const isInterrupted = !result.complete && failures.length === 0
  const destinations = { output, keep: flags.keep }
  const kept = await storeResult(result, destinations)
  if (kept.isLost) journal.keep()
  const stored = resultFlag(shownAgain(kept, destinations), tables)
  const reproduction = judgeReproduction(documented, result)
  const isShown = result.trials.length > 0
  if (isShown) show(reproduction, { result, stored, flags, invocation })
  else if (isInterrupted) noteNothingMeasured(invocation)
  if (!result.trials.some(({ verdict }) => verdict.valid)) invocation.endWith(exitCodes.invalid)
  const isOnScreen = isShown && flags.format === 'table'
  reportStored(kept, { ...destinations, isOnScreen }, invocation)
  for (const error of failures) invocation.fail(error)
  if (isInterrupted) invocation.endWith(exitCodes.interrupted)
  return reproduction
}

interface ShowOptions {
  readonly result: ResultDocument
  readonly stored: StoredResult
  readonly flags: Pick<ReproduceFlags, 'format'>
  readonly invocation: Invocation
}

function show(
  reproduction: Reproduction,
  { result, stored, flags, invocation }: ShowOptions,
): Reproduction {
  const render = { ...invocation.render, stored }
  invocation.print(reproductionFormats[flags.format]?.(reproduction, result, render) ?? '')
  return reproduction
}

/** The tables are judged again from the stored result: `lb reproduce --result .lb/last.json`. */
function resultFlag({ files, shownBy }: StoredResult, tables: string | undefined): StoredResult {
  const file = shownBy === undefined ? undefined : (shownBy[1] ?? storedRun('last'))
  const words = ['reproduce', ...(tables === undefined ? [] : [tables]), '--result', file ?? '']
  return { files, shownBy: file === undefined ? undefined : words, page: undefined }
}

interface MeasureOptions {
  readonly flags: ReproduceFlags
  readonly invocation: Invocation
  readonly journal: Journal
  /** Receives an error that ended the run early. */
  readonly failures: Error[]
}

async function measure(
  plan: Plan,
  { flags, invocation, journal, failures }: MeasureOptions,
): Promise<ResultDocument> {
  checkHostLimits(plan.connections, hostLimits())
  await using session = await openLiveSession(flags, invocation)
  return await experiment({
    ...{ plan, session, journal, lb: invocation.version, command: invocation.commandLine },
    watcher: showTrials(plan, session, invocation),
    onFailure: (error) => failures.push(error),
  })
}

async function storedResult(plan: Plan, file: string): Promise<ResultDocument> {
  const result = await readResult(file)
  checkArms(plan, result, file)
  return result
}
