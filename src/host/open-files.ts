import { join } from 'node:path'
import { readTextOrEmpty } from './cgroup.ts'

/**
 * Files that this process and its children may have open: the soft limit of RLIMIT_NOFILE, which Node raises to
 * the hard limit when it starts. Infinity where /proc does not have it. proc_pid_limits(5).
 */
export function openFilesLimit(root = '/'): number {
  const text = readTextOrEmpty(join(root, 'proc/self/limits'))
  const limit = /^Max open files\s+(\d+)/m.exec(text)?.[1]
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
}
