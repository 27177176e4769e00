import { reproductionFormats } from '../../reports/commands/reproduction.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { ProgressFlags } from '../cli/progress-flag.ts'
import { checkArms, reproduce as judgeReproduction } from '../experiment/reproduce/reproduce.ts'
import { experiment } from '../experiment/run/experiment.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { checkOutput } from '../kit/output.ts'
import { checkHostLimits, hostLimits } from '../lab/host-limits.ts'
import { documentedTables } from '../plan/documented/tables.ts'
import type { Plan } from '../plan/plan.ts'
import { reproductionPlan } from '../plan/reproduction-plan.ts'
import type { ResultDocument } from '../result/document.ts'
import { readResult } from '../result/read.ts'
import type { Reproduction } from '../result/reproduction.ts'
import type { Schedule } from '../result/schedule.ts'
import type { Journal } from '../store/journal.ts'
import { dryRun } from './dry-run.ts'
import { openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { runJournal } from './run-journal.ts'
import { showTrials } from './show-trials.ts'
import { reportStored, storeResult } from './store-result.ts'

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

  const failures: Error[] = []
  const measured = flags.result === undefined
  await using journal = await runJournal(measured ? flags.keep : false, invocation)
  const result =
    flags.result === undefined
      ? await measure(plan, { flags, invocation, journal, failures })
      : await storedResult(plan, flags.result)
  const destinations = { output, keep: measured ? flags.keep : false }
  const stored = await storeResult(result, destinations)
  if (stored.isLost) journal.keep()
  const reproduction = judgeReproduction(documented, result)
  if (result.trials.length > 0) {
    const render = reproductionFormats[flags.format]
    invocation.print(render?.(reproduction, result, invocation.render) ?? '')
  }
  // The run that stored a result has reported its exit code.
  if (!measured) return reproduction
  if (!result.trials.some(({ verdict }) => verdict.valid)) invocation.endWith(exitCodes.invalid)
  reportStored(stored, destinations, invocation)
  for (const error of failures) invocation.fail(error)
  if (!result.complete && failures.length === 0) invocation.endWith(exitCodes.interrupted)
  return reproduction
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
