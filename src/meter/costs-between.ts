import { kernelUnits } from './kernel-units.ts'
import type { ProcessUsage, ThreadUsage } from './process-usage.ts'

/** CPU time, waits and context switches of some processes in a window, with all their threads. Seconds. */
export interface CostsBetween {
  readonly userSeconds: number
  readonly systemSeconds: number
  /** CPU-seconds of the busiest thread: one thread cannot use a second CPU. */
  readonly busiestThreadSeconds: number
  /** Run-queue wait: seconds in which threads were runnable and waited for a CPU, over all threads. */
  readonly waitedSeconds: number
  /** Run-queue wait of the busiest thread. */
  readonly busiestThreadWaitedSeconds: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
}

/** The costs between two readings of the same processes. No figure is negative, whatever the kernel reports. */
export function costsBetween(from: ProcessUsage, to: ProcessUsage): CostsBetween {
  const threads = [...to.threads].map(([id, usage]) => spent(from.threads.get(id), usage))
  const busiest = threads.toSorted((a, b) => b.cpu - a.cpu)[0]
  const user = Math.max(0, to.user - from.user)
  const system = Math.max(0, to.system - from.system)
  const exact = sum(threads.map(({ cpu }) => cpu))
  const total = agree(exact, user + system, to.processes) ? exact : user + system
  const userShare = user + system > 0 ? user / (user + system) : 1
  return {
    userSeconds: total * userShare,
    systemSeconds: total * (1 - userShare),
    busiestThreadSeconds: Math.max(0, ...threads.map(({ cpu }) => cpu)),
    busiestThreadWaitedSeconds: Math.max(0, busiest?.waited ?? 0),
    // The kernel's figure of a thread may fall by some microseconds when it changes its CPU.
    waitedSeconds: Math.max(0, sum(threads.map(({ waited }) => waited))),
    voluntarySwitches: Math.max(0, to.voluntarySwitches - from.voluntarySwitches),
    involuntarySwitches: Math.max(0, to.involuntarySwitches - from.involuntarySwitches),
  }
}

/**
 * A tick is 10 ms, which is 1 % of a window of 1 s; the times of threads are exact, but miss threads and children that
 * have ended. They are used where both differ by no more than rounding: each process has four counts in ticks, each up
 * to one tick off.
 */
function agree(exact: number, ticked: number, processes: number): boolean {
  return exact > 0 && Math.abs(exact - ticked) <= (4 * processes) / kernelUnits().ticks
}

function spent(from: ThreadUsage = { cpu: 0, waited: 0 }, to: ThreadUsage): ThreadUsage {
  return { cpu: to.cpu - from.cpu, waited: to.waited - from.waited }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
