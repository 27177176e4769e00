import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { UsageError } from '../kit/errors.ts'
import { lastRun, previousRun } from '../store/last-run.ts'
import { lbFolder } from '../store/lb-folder.ts'

/** The files of the last run of the project, and of the one before. */
const files = { last: lastRun, previous: previousRun }

/**
 * The result file of a run of this project, as a path from the working directory.
 *
 * @throws {UsageError} there is none
 */
export function storedRun(which: keyof typeof files): string {
  const path = files[which](lbFolder(process.cwd()))
  if (existsSync(path)) return relative(process.cwd(), path)
  throw new UsageError(
    `no ${which} run is stored here (${path})`,
    which === 'last'
      ? 'run lb bench first, or name a result file'
      : 'run lb bench twice, or name a result file',
  )
}
