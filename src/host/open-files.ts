import { join } from 'node:path'
import { readTextOrEmpty } from './cgroup.ts'

/**
 * Files that this process, and those that it starts, may have open: the soft limit, which Node raises to
 * the hard one when it starts. Infinity where the machine does not say. proc_pid_limits(5).
 */
export function openFilesLimit(root = '/'): number {
  const text = readTextOrEmpty(join(root, 'proc/self/limits'))
  const limit = /^Max open files\s+(\d+)/m.exec(text)?.[1]
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
}
