import { ProcessError } from '../../kit/errors.ts'
import { type ResultDocument, resultDocument } from '../../result/document.ts'
import { type JournalledRun, killedRuns } from '../../store/journal.ts'
import { readNoise } from '../../store/noise-store.ts'
import { analysed } from './analysed.ts'
import { interruptedEnding } from './stop-rule.ts'

/** A run that was killed, with what was measured before. */
export interface RecoveredRun {
  readonly document: ResultDocument
  /** Its journal. */
  readonly file: string
}

/** The runs whose journals are in this folder and that were killed, the oldest first. Those of another version of lb are left out. */
export async function recoveredRuns(folder: string): Promise<RecoveredRun[]> {
  const runs: RecoveredRun[] = []
  for (const run of await killedRuns(folder)) {
    const read = resultDocument.safeParse({ ...run.document, trials: run.trials })
    if (!read.success) continue
    runs.push({ document: await documentOf(run, read.data), file: run.file })
  }
  return runs
}

async function documentOf({ cpus }: JournalledRun, read: ResultDocument): Promise<ResultDocument> {
  const { plan, host } = read
  const trials = read.trials.filter(({ trial }) => trial.witness === undefined)
  const measured = plan.phases.filter((phase) => trials.some(({ trial }) => trial.phase === phase))
  return analysed(
    read,
    {
      trials,
      witnessed: read.trials.filter(({ trial }) => trial.witness !== undefined),
      phaseEndings: measured.map((phase) => interruptedEnding(phase, trials)),
      failure: new ProcessError('lb was killed in mid-run', 'see the log of the kernel'),
    },
    { cpus, noise: await readNoise(host.fingerprint), isComplete: false },
  )
}
