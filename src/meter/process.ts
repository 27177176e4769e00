import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in ticks of 1/100 s towards user space, whatever the kernel's own timer does (USER_HZ, proc(5)). */
const ticksPerSecond = 100
/** Bytes in a page of /proc/PID/statm. Node does not say; 4 KiB on x86-64 and on the arm64 that Debian ships. */
const pageBytes = 4096

/** What a process has used since it started. */
interface Reading {
  /** Nanoseconds on a CPU, by thread: exact, but gone with the thread. */
  readonly threads: ReadonlyMap<string, number>
  /** Ticks of all threads, of those that ended too. */
  readonly userTicks: number
  readonly systemTicks: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
}

/** What processes used together between two moments. */
export interface ProcessUse {
  readonly userSeconds: number
  readonly systemSeconds: number
  readonly rssMeanBytes: number
  readonly rssPeakBytes: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
}

/** A meter on one set of processes; it reads when the window opens and when it closes. */
export interface ProcessMeter {
  open(): void
  close(): void
  /** What was used between the two. A process that ended in between counts until it was last seen. */
  use(): ProcessUse
}

/** Milliseconds between two looks at the memory. */
const memoryEveryMs = 100

/**
 * A meter on the processes that `pids` names when it opens. CPU time comes from the scheduler in nanoseconds
 * where no thread ended in between, else from the kernel's ticks of 10 ms; how it divides into user and
 * system always comes from the ticks.
 */
export function meterProcesses(pids: () => readonly number[]): ProcessMeter {
  let metered: readonly number[] = []
  let before: (Reading | undefined)[] = []
  let after: (Reading | undefined)[] = []
  const memory: number[] = []
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    const bytes = metered.reduce((sum, pid) => sum + rss(pid), 0)
    if (bytes > 0) memory.push(bytes)
  }

  return {
    open() {
      metered = pids()
      before = metered.map(read)
      look()
      timer = setInterval(look, memoryEveryMs)
    },
    close() {
      after = metered.map(read)
      clearInterval(timer)
      look()
    },
    use() {
      const uses = metered.map((_, i) => between(before[i], after[i]))
      const sum = (key: keyof (typeof uses)[number]) => uses.reduce((all, use) => all + use[key], 0)
      return {
        userSeconds: sum('userSeconds'),
        systemSeconds: sum('systemSeconds'),
        voluntarySwitches: sum('voluntarySwitches'),
        involuntarySwitches: sum('involuntarySwitches'),
        rssMeanBytes: memory.reduce((all, bytes) => all + bytes, 0) / Math.max(1, memory.length),
        rssPeakBytes: memory.reduce((most, bytes) => Math.max(most, bytes), 0),
      }
    },
  }
}

function between(before: Reading | undefined, after: Reading | undefined) {
  if (before === undefined || after === undefined) {
    return { userSeconds: 0, systemSeconds: 0, voluntarySwitches: 0, involuntarySwitches: 0 }
  }
  const user = after.userTicks - before.userTicks
  const system = after.systemTicks - before.systemTicks
  const seconds = exactSeconds(before, after) ?? (user + system) / ticksPerSecond
  const userShare = user + system === 0 ? 1 : user / (user + system)
  return {
    userSeconds: seconds * userShare,
    systemSeconds: seconds * (1 - userShare),
    // A thread that ended takes its switches along.
    voluntarySwitches: Math.max(0, after.voluntarySwitches - before.voluntarySwitches),
    involuntarySwitches: Math.max(0, after.involuntarySwitches - before.involuntarySwitches),
  }
}

/** CPU-seconds by the scheduler's own count; undefined where a thread ended and took its count along. */
function exactSeconds(before: Reading, after: Reading): number | undefined {
  let nanoseconds = 0
  for (const [thread, used] of before.threads) {
    const now = after.threads.get(thread)
    if (now === undefined) return undefined
    nanoseconds -= used
  }
  for (const used of after.threads.values()) nanoseconds += used
  return after.threads.size === 0 ? undefined : nanoseconds / 1e9
}

function read(pid: number): Reading | undefined {
  try {
    const threads = new Map<string, number>()
    // All CPU counts first, so that they are of one moment; the rest can be a little later.
    const ids = readdirSync(`/proc/${pid}/task`)
    for (const id of ids) {
      const schedstat = file(`/proc/${pid}/task/${id}/schedstat`)
      if (schedstat !== undefined) threads.set(id, Number(schedstat.split(' ')[0]))
    }
    // The name stands in brackets and may hold spaces: count the fields from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const statuses = ids.map((id) => file(`/proc/${pid}/task/${id}/status`) ?? '')
    return {
      threads,
      userTicks: Number(fields[11]),
      systemTicks: Number(fields[12]),
      voluntarySwitches: switches(statuses, 'voluntary_ctxt_switches'),
      involuntarySwitches: switches(statuses, 'nonvoluntary_ctxt_switches'),
    }
  } catch {
    return undefined
  }
}

function switches(statuses: readonly string[], name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+)`, 'm')
  return statuses.reduce((sum, status) => sum + Number(line.exec(status)?.[1] ?? 0), 0)
}

/** Resident bytes of a process now; 0 once it is gone. */
function rss(pid: number): number {
  return Number(file(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0) * pageBytes
}

/** A file's text, or undefined where its process or thread is gone. */
function file(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
