import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../kit/errors.ts'
import { checkOutput } from '../kit/output.ts'
import type { ResultDocument } from '../result/document.ts'
import { writeResult } from '../result/write.ts'

/** The file of the last run in the folder `.lb` of a project. */
export function lastRun(folder: string): string {
  return join(folder, 'last.json')
}

/** The file of the run before that. */
export function previousRun(folder: string): string {
  return join(folder, 'previous.json')
}

/**
 * Stores a result as the last run; the one before becomes the previous run. Whatever fails, neither of the two is
 * damaged.
 *
 * @throws {UsageError} the folder cannot be written
 */
export async function storeLast(document: ResultDocument, folder: string): Promise<string> {
  const fresh = join(folder, `.new-${randomUUID()}.json`)
  await openFolder(folder)
  try {
    await writeResult(document, { path: fresh, force: false })
    await rename(lastRun(folder), previousRun(folder)).catch(({ code }) => {
      if (code !== 'ENOENT') throw cannotStore(folder, code)
    })
    await rename(fresh, lastRun(folder)).catch(({ code }) => {
      throw cannotStore(folder, code)
    })
  } finally {
    await rm(fresh, { force: true })
  }
  return lastRun(folder)
}

/**
 * Checks, before a long run, whether results can be stored in a folder, which is created.
 *
 * @throws {UsageError} they cannot
 */
export async function checkFolder(folder: string): Promise<void> {
  await openFolder(folder)
  await checkOutput({ path: join(folder, `.new-${randomUUID()}.json`), force: false })
}

/** Creates the folder for its owner only, and keeps it out of version control. */
async function openFolder(folder: string): Promise<void> {
  try {
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) === undefined) return
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (error) {
    throw cannotStore(folder, (error as NodeJS.ErrnoException).code)
  }
}

function cannotStore(folder: string, code = 'error'): UsageError {
  return new UsageError(
    `cannot write the folder ${folder} (${code})`,
    'run lb in a folder that you may write, or add --no-keep',
  )
}
