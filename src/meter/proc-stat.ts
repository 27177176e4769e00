import { readFileSync } from 'node:fs'

/** The `stat` of one process or thread. Times in clock ticks. proc_pid_stat(5). */
export interface ProcStat {
  readonly state: string
  readonly parent: number
  readonly session: number
  readonly userTicks: number
  readonly systemTicks: number
  /** Times of children that have ended and were waited for. */
  readonly childUserTicks: number
  readonly childSystemTicks: number
}

/** Reads a `stat`; undefined once the process has ended. */
export function procStat(folder: string): ProcStat | undefined {
  const text = textOfProcess(`${folder}/stat`)
  if (text === undefined) return undefined
  // The second field, the name in brackets, may contain spaces and brackets: the third begins after the last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const number = (field: number) => Number(fields[field - 3])
  return {
    state: fields[0] ?? '',
    parent: number(4),
    session: number(6),
    userTicks: number(14),
    systemTicks: number(15),
    childUserTicks: number(16),
    childSystemTicks: number(17),
  }
}

/** The text of a process's file in /proc; undefined once the process has ended, or without permission to read it. */
export function textOfProcess(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
