import { readdirSync } from 'node:fs'
import { kernelUnits } from './kernel-units.ts'
import { type ProcStat, procStat, textOfProcess } from './proc-stat.ts'

/** Usage of a thread since it started, in seconds. */
export interface ThreadUsage {
  /** On a CPU, to the nanosecond. */
  readonly cpu: number
  /** Run-queue wait: runnable, but waiting for a CPU. */
  readonly waited: number
}

/** Usage of some processes since they started: a reading, to be subtracted from a later one. */
export interface ProcessUsage {
  /** Number of processes that were read. */
  readonly processes: number
  /** CPU-seconds, including ended children, exact to a clock tick. */
  readonly user: number
  readonly system: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
  /** By thread id. */
  readonly threads: ReadonlyMap<string, ThreadUsage>
}

/** Reads the usage of these processes so far; processes that have ended add nothing. */
export function processUsage(pids: readonly number[]): ProcessUsage {
  const { ticks } = kernelUnits()
  const threads = new Map<string, ThreadUsage>()
  const sum = { processes: 0, user: 0, system: 0, voluntarySwitches: 0, involuntarySwitches: 0 }
  for (const pid of pids) {
    const stat = procStat(`/proc/${pid}`)
    if (stat === undefined) continue
    sum.processes++
    // The time of a child that ends leaves the sum, and returns when its parent waits for it.
    sum.user += (stat.userTicks + stat.childUserTicks) / ticks
    sum.system += (stat.systemTicks + stat.childSystemTicks) / ticks
    for (const thread of threadsOf(pid)) {
      const folder = `/proc/${pid}/task/${thread}`
      threads.set(thread, threadUsage(folder))
      // The `status` of the process has the switches of its first thread only.
      const status = textOfProcess(`${folder}/status`) ?? ''
      sum.voluntarySwitches += numberOf(status, 'voluntary_ctxt_switches')
      sum.involuntarySwitches += numberOf(status, 'nonvoluntary_ctxt_switches')
    }
  }
  return { ...sum, threads }
}

/**
 * CPU-seconds that these processes have used so far, to the nanosecond on kernels with schedstat. Of threads that are
 * alive only: cheap enough to read during a measurement, but not the total cost.
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

/** Resident memory of these processes, bytes; shared pages count for each process. */
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
