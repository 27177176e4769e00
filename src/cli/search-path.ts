import { delimiter, isAbsolute } from 'node:path'

/**
 * Leaves relative and empty entries out of PATH, for this process and those that it starts. They stand for the working folder, which may
 * be a clone or someone else's: a `perf` or `getconf` in it would be run (CWE-426).
 */
export function keepAbsolutePath(env: NodeJS.ProcessEnv = process.env): void {
  if (env.PATH === undefined) return
  env.PATH = env.PATH.split(delimiter).filter(isAbsolute).join(delimiter)
}
