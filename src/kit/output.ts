import { randomUUID } from 'node:crypto'
import { link, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UsageError } from './errors.ts'

/** Where text goes that was asked for with `--output`. */
export interface Output {
  readonly path: string
  /** Whether a file that is there may be replaced. */
  readonly force: boolean
}

/**
 * Finds out whether `output` could be written now, so that a long run does not end in nothing.
 *
 * @throws UsageError where it is there already and not forced, or cannot be written.
 */
export async function checkOutput({ path, force }: Output): Promise<void> {
  const there = await kindOf(path)
  if (there === 'folder') throw cannot(path, 'EISDIR')
  if (there === 'file' && !force) throw exists(path)
  if (there === 'device') return
  const probe = await beside(path)
  await writeFile(probe, '').catch((error) => {
    throw cannot(path, error.code)
  })
  await rm(probe)
}

/**
 * Writes `text` whole or not at all: into a new file in the same folder that then takes the name, so
 * that a full disk or a kill leaves the old file as it was. Devices such as /dev/stdout are written as
 * they are.
 *
 * @throws UsageError where it is there already and not forced, or cannot be written.
 */
export async function writeOutput({ path, force }: Output, text: string): Promise<void> {
  if ((await kindOf(path)) === 'device') return writeFile(path, text)
  const fresh = await beside(path)
  try {
    await writeSynced(fresh, text)
    if (force) await rename(fresh, await target(path))
    else await claim(fresh, path)
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException
    throw code === 'EEXIST' ? exists(path) : cannot(path, code)
  } finally {
    await rm(fresh, { force: true })
  }
}

/** Gives `fresh` the name `path` unless that is taken: a link fails where a rename would replace. */
async function claim(fresh: string, path: string): Promise<void> {
  await link(fresh, path).catch(async (error) => {
    if (error.code === 'EEXIST' || (await kindOf(path)) !== 'nothing') throw error
    // Some file systems have no links.
    await rename(fresh, path)
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
    throw cannot(path, code)
  }
}

/** A new name in the folder that `path` is in, behind any link: a rename must stay on one disk. */
async function beside(path: string): Promise<string> {
  const real = await target(path)
  return join(dirname(real), `.${basename(real)}.${randomUUID()}.tmp`)
}

async function target(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx')
  await file.writeFile(text)
  await file.sync()
}

function exists(path: string): UsageError {
  return new UsageError(`${path} exists`, 'name another file, or add --force to replace it')
}

function cannot(path: string, code: string): UsageError {
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new UsageError(
    `cannot write ${path} (${code})`,
    full ? 'make room, or name a file on another disk' : 'name a file in a folder you may write to',
  )
}
