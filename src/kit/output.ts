import { randomUUID } from 'node:crypto'
import { link, lstat, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UsageError } from './errors.ts'

/** The destination of `--output`. */
export interface Output {
  readonly path: string
  /** Whether an existing file may be replaced. */
  readonly force: boolean
}

/** Permission bits of a file that may hold a secret, or the names of machines: its owner's alone. */
export const ownersOnly = 0o600

/**
 * Checks whether `output` can be written, before a long run. A symbolic link is refused: who may write to its folder
 * decides which file would be replaced.
 *
 * @throws {UsageError} it exists and `force` is not set, it is a link, or it cannot be written
 */
export async function checkOutput({ path, force }: Output): Promise<void> {
  const kind = await kindOf(path)
  if (kind === 'folder') throw cannotWrite(path, 'EISDIR')
  if (kind === 'link') throw isLink(path)
  if (kind === 'file' && !force) throw exists(path)
  if (kind === 'device') return
  const probe = temporaryPath(path)
  await writeFile(probe, '', { flag: 'wx', mode: ownersOnly }).catch((error) => {
    throw cannotWrite(path, error.code)
  })
  await rm(probe)
}

/**
 * Writes `text` atomically: to a temporary file in the same folder, which is then renamed, so that a full disk or a
 * kill leaves the old file unchanged. Links are not followed. Terminals, pipes and /dev/stdout are written directly.
 * `mode` has the permission bits of a new file (default: by the umask).
 *
 * @throws {UsageError} it exists and `force` is not set, it is a link, or it cannot be written
 */
export async function writeOutput(
  { path, force }: Output,
  text: string | Uint8Array,
  mode = 0o666,
): Promise<void> {
  const kind = await kindOf(path)
  if (kind === 'link') throw isLink(path)
  const temporary = temporaryPath(path)
  try {
    if (kind === 'device') return await writeFile(path, text)
    await writeSynced(temporary, text, mode)
    // A rename replaces a link that was made meanwhile, not its target.
    if (force) await rename(temporary, path)
    else await renameNew(temporary, path)
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException
    throw code === 'EEXIST' ? exists(path) : cannotWrite(path, code)
  } finally {
    if (kind !== 'device') await rm(temporary, { force: true })
  }
}

/** Renames `temporary` to `path` unless that exists: unlike a rename, a link does not replace. */
async function renameNew(temporary: string, path: string): Promise<void> {
  await link(temporary, path).catch(async (error) => {
    if (error.code === 'EEXIST') throw error
    // Some file systems do not support links: an empty file reserves the name.
    await writeFile(path, '', { flag: 'wx' })
    await rename(temporary, path)
  })
}

async function kindOf(path: string): Promise<'nothing' | 'file' | 'folder' | 'link' | 'device'> {
  try {
    const named = await lstat(path)
    if (named.isSymbolicLink() && !(await isOfSystem(path))) return 'link'
    const found = named.isSymbolicLink() ? await stat(path) : named
    if (found.isDirectory()) return 'folder'
    if (found.isFile()) return named.isSymbolicLink() ? 'device' : 'file'
    if (found.isCharacterDevice() || found.isFIFO() || found.isSocket()) return 'device'
    throw cannotWrite(path, 'it is a block device')
  } catch (error) {
    if (error instanceof UsageError) throw error
    const { code = 'error' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return 'nothing'
    throw cannotWrite(path, code)
  }
}

/** Whether a link is one of the system's own, such as /dev/stdout. */
async function isOfSystem(path: string): Promise<boolean> {
  return /^\/(?:dev|proc)(?:\/|$)/.test(await realpath(dirname(path)))
}

/** A new path in the folder of `path`: a rename must stay on one file system. */
function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
}

async function writeSynced(path: string, text: string | Uint8Array, mode: number): Promise<void> {
  await using file = await open(path, 'wx', mode)
  await file.writeFile(text)
  await file.sync()
}

function isLink(path: string): UsageError {
  return new UsageError(`${path} is a symbolic link`, 'name the file that it leads to')
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
