import { readdirSync } from 'node:fs'
import { kernelUnits } from './kernel-units.ts'
import { type ProcStat, procStat, textOfProcess } from './proc-stat.ts'

/** What a thread has used since it began, in seconds. */
export interface ThreadUsage {
  /** On a CPU, to the nanosecond. */
  readonly cpu: number
  /** Ready, and waiting for a CPU. */
  readonly waited: number
}

/** What some processes have used since they began: a reading, to be taken from a later one. */
export interface ProcessUsage {
  /** How many of them there are. */
  readonly processes: number
  /** CPU-seconds, of children that ended included, to a clock tick. */
  readonly user: number
  readonly system: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
  /** By thread id. */
  readonly threads: ReadonlyMap<string, ThreadUsage>
}

/** Reads what these processes have used so far; those that are gone add nothing. */
export function processUsage(pids: readonly number[]): ProcessUsage {
  const { ticks } = kernelUnits()
  const threads = new Map<string, ThreadUsage>()
  const sum = { processes: 0, user: 0, system: 0, voluntarySwitches: 0, involuntarySwitches: 0 }
  for (const pid of pids) {
    const stat = procStat(`/proc/${pid}`)
    if (stat === undefined) continue
    sum.processes++
    // A child that ends takes its share out of the sum, and its parent's waiting puts it back.
    sum.user += (stat.userTicks + stat.childUserTicks) / ticks
    sum.system += (stat.systemTicks + stat.childSystemTicks) / ticks
    for (const thread of threadsOf(pid)) {
      const folder = `/proc/${pid}/task/${thread}`
      threads.set(thread, threadUsage(folder))
      // The process's own `status` has the switches of its first thread only.
      const status = textOfProcess(`${folder}/status`) ?? ''
      sum.voluntarySwitches += numberOf(status, 'voluntary_ctxt_switches')
      sum.involuntarySwitches += numberOf(status, 'nonvoluntary_ctxt_switches')
    }
  }
  return { ...sum, threads }
}

/**
 * CPU-seconds that these processes have used so far, to the nanosecond where the kernel counts that. Of threads
 * that are alive: cheap enough to be asked while they are measured, and not the sum to charge them with.
 */
export function cpuSeconds(pids: readonly number[]): number {
  const exact = pids.flatMap((pid) =>
    threadsOf(pid).map((thread) => threadUsage(`/proc/${pid}/task/${thread}`).cpu),
  )
  const sum = exact.reduce((total, seconds) => total + seconds, 0)
  if (sum > 0) return sum
  const ticked = pids.map((pid) => procStat(`/proc/${pid}`))
  const ticks = ticked.reduce((total, stat) => total + ticksOf(stat), 0)
  return ticks / kernelUnits().ticks
}

function ticksOf(stat: ProcStat | undefined): number {
  return stat === undefined ? 0 : stat.userTicks + stat.systemTicks
}

/** Memory of these processes in RAM, bytes; pages that several share count for each. */
export function residentBytes(pids: readonly number[]): number {
  const pages = pids.map((pid) => Number(textOfProcess(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0))
  return pages.reduce((sum, n) => sum + n, 0) * kernelUnits().pageBytes
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** `schedstat`: ns on a CPU, ns waiting for one, time slices. Documentation/scheduler/sched-stats.rst. */
function threadUsage(folder: string): ThreadUsage {
  const [cpu = 0, waited = 0] = (textOfProcess(`${folder}/schedstat`) ?? '').split(' ').map(Number)
  return { cpu: cpu / 1e9, waited: waited / 1e9 }
}

function numberOf(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0)
}
