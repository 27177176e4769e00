import { which } from '../host/which.ts'

/**
 * The command, pinned to these CPUs where `taskset` is installed. taskset executes the program in its own process,
 * so that the pid is the program's.
 */
export function withAffinity(
  cpus: readonly number[] | undefined,
  file: string,
  args: readonly string[],
): { readonly file: string; readonly args: readonly string[] } {
  const taskset = cpus === undefined ? undefined : which('taskset')
  if (cpus === undefined || taskset === undefined) return { file, args }
  return { file: taskset, args: ['-c', cpus.join(','), file, ...args] }
}
