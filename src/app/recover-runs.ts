import { rm } from 'node:fs/promises'
import { relative } from 'node:path'
import type { Invocation } from '../cli/invocation.ts'
import { recoveredRuns } from '../experiment/run/recover.ts'
import { plural } from '../kit/plural.ts'
import type { ResultDocument } from '../result/document.ts'
import { storeLast } from '../store/last-run.ts'
import { lbFolder } from '../store/lb-folder.ts'

/**
 * Makes runs of this project that were killed its last runs, as if they had been interrupted. Returns the latest of them;
 * undefined if there is none. One that cannot be stored stays in its journal.
 */
export async function recoverRuns({
  note,
}: Pick<Invocation, 'note'>): Promise<ResultDocument | undefined> {
  const folder = lbFolder(process.cwd())
  const runs = await recoveredRuns(folder)
  for (const { document, file } of runs) {
    const measured = plural(document.trials.length, 'trial')
    const start = `the run of ${document.createdAt} was killed after ${measured}`
    try {
      const stored = relative(process.cwd(), await storeLast(document, folder))
      await rm(file, { force: true })
      note(`${start}, which are in ${stored} now`)
    } catch (error) {
      note(`${start}: ${(error as Error).message}`)
    }
  }
  return runs.at(-1)?.document
}
