import { randomUUID } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkOutput } from '../kit/output.ts'
import type { AnyDocument } from '../result/any-document.ts'
import { writeResult } from '../result/write.ts'
import { cannotStore, openFolder } from './open-folder.ts'

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
export async function storeLast(document: AnyDocument, folder: string): Promise<string> {
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
