import type { Invocation } from '../cli/invocation.ts'
import { type Journal, journalIn } from '../store/journal.ts'
import { lbFolder } from '../store/lb-folder.ts'
import { recoverRuns } from './recover-runs.ts'

/** The journal of a run that begins; with `--no-keep` none is written. Runs that were killed before become the last run first. */
export async function runJournal(
  keep: boolean | undefined,
  invocation: Pick<Invocation, 'note'>,
): Promise<Journal> {
  if (keep === false) return journalIn(undefined)
  await recoverRuns(invocation)
  return journalIn(lbFolder(process.cwd()))
}
