import { type Fact, parsedFact } from './fact.ts'

/** The limits of RLIMIT_NOFILE; Infinity where there is none. */
export interface OpenFiles {
  /** Files that this process and its children may have open. Node raises it to the hard limit when it starts. */
  readonly soft: number
  readonly hard: number
}

/** The limits of this process. proc_pid_limits(5). */
export function openFilesFact(root = '/'): Fact<OpenFiles> {
  return parsedFact(root, 'proc/self/limits', (text) => {
    const [, soft, hard] = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(text) ?? []
    if (soft === undefined || hard === undefined) return undefined
    return { soft: limitOf(soft), hard: limitOf(hard) }
  })
}

function limitOf(word: string): number {
  return word === 'unlimited' ? Number.POSITIVE_INFINITY : Number(word)
}

/** Files that this process and its children may have open; Infinity where /proc does not have it. */
export function openFilesLimit(root = '/'): number {
  const limits = openFilesFact(root)
  return 'why' in limits ? Number.POSITIVE_INFINITY : limits.value.soft
}
