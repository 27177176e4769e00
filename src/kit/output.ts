import { randomUUID } from 'node:crypto'
import { link, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UsageError } from './errors.ts'

/** The destination of `--output`. */
export interface Output {
  readonly path: string
  /** Whether an existing file may be replaced. */
  readonly force: boolean
}

/**
 * Checks whether `output` can be written, before a long run.
 *
 * @throws {UsageError} it exists and `force` is not set, or it cannot be written
 */
export async function checkOutput({ path, force }: Output): Promise<void> {
  const kind = await kindOf(path)
  if (kind === 'folder') throw cannotWrite(path, 'EISDIR')
  if (kind === 'file' && !force) throw exists(path)
  if (kind === 'device') return
  const probe = await temporaryPath(path)
  await writeFile(probe, '').catch((error) => {
    throw cannotWrite(path, error.code)
  })
  await rm(probe)
}

/**
 * Writes `text` atomically: to a temporary file in the same folder, which is then renamed, so that a full disk or a
 * kill leaves the old file unchanged. Devices such as /dev/stdout are written directly.
 *
 * @throws {UsageError} it exists and `force` is not set, or it cannot be written
 */
export async function writeOutput({ path, force }: Output, text: string): Promise<void> {
  if ((await kindOf(path)) === 'device') return writeFile(path, text)
  const temporary = await temporaryPath(path)
  try {
    await writeSynced(temporary, text)
    if (force) await rename(temporary, await realPath(path))
    else await renameNew(temporary, path)
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException
    throw code === 'EEXIST' ? exists(path) : cannotWrite(path, code)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Renames `temporary` to `path` unless that exists: unlike a rename, a link does not replace. */
async function renameNew(temporary: string, path: string): Promise<void> {
  await link(temporary, path).catch(async (error) => {
    if (error.code === 'EEXIST' || (await kindOf(path)) !== 'nothing') throw error
    // Some file systems do not support links.
    await rename(temporary, path)
  })
}

async function kindOf(path: string): Promise<'nothing' | 'file' | 'folder' | 'device'> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return 'folder'
    return found.isFile() ? 'file' : 'device'
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return 'nothing'
    throw cannotWrite(path, code)
  }
}

/** A new path in the folder of `path`, links resolved: a rename must stay on one file system. */
async function temporaryPath(path: string): Promise<string> {
  const real = await realPath(path)
  return join(dirname(real), `.${basename(real)}.${randomUUID()}.tmp`)
}

async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx')
  await file.writeFile(text)
  await file.sync()
}

function exists(path: string): UsageError {
  return new UsageError(`${path} exists`, 'name another file, or add --force to overwrite it')
}

function cannotWrite(path: string, code: string): UsageError {
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new UsageError(
    `cannot write ${path} (${code})`,
    full
      ? 'free disk space, or name a file on another disk'
      : 'name a file in a folder with write permission',
  )
}
