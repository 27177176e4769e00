import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../kit/errors.ts'

/**
 * Creates a folder of stored results for its owner only, and keeps it out of version control.
 *
 * @throws {UsageError} it cannot be created
 */
export async function openFolder(folder: string): Promise<void> {
  try {
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) === undefined) return
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (error) {
    throw cannotStore(folder, (error as NodeJS.ErrnoException).code)
  }
}

/** The folder cannot be written, and what to do. */
export function cannotStore(folder: string, code = 'error'): UsageError {
  return new UsageError(
    `cannot write the folder ${folder} (${code})`,
    'run lb in a folder that you may write, or add --no-keep',
  )
}
