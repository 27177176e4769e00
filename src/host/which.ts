import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Directories of system daemons, which are often not in a user's PATH. */
const daemonFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/**
 * The executable `name` of PATH or of the daemon directories, or at that path; undefined where there is none. Relative entries
 * of PATH are left out: they would find programs in the working folder, which may be someone else's (CWE-426).
 */
export function which(name: string): string | undefined {
  if (name.includes('/')) return executable(name) ? name : undefined
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  return [...folders, ...daemonFolders].map((folder) => join(folder, name)).find(executable)
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
