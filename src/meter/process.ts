import { kernelUnits } from './kernel-units.ts'
import {
  cpuSeconds,
  type ProcessUsage,
  processUsage,
  residentBytes,
  type ThreadUsage,
} from './process-usage.ts'
import { type UsageTimeline, usageRecorder } from './timeline.ts'

/** Milliseconds between two samples of the memory; CPU time is read with every second sample, or more rarely. */
const sampleIntervalMs = 100

/** Costs of some processes in the window, with all their threads. Seconds and bytes. */
interface ProcessCosts {
  readonly userSeconds: number
  readonly systemSeconds: number
  /** CPU-seconds of the busiest thread: one thread cannot use a second CPU. */
  readonly busiestThreadSeconds: number
  /** Run-queue wait: seconds in which threads were runnable and waited for a CPU, over all threads. */
  readonly waitedSeconds: number
  /** Run-queue wait of the busiest thread. */
  readonly busiestThreadWaitedSeconds: number
  readonly rssMeanBytes: number
  readonly rssPeakBytes: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
  /** Of the processes that existed when the window opened. */
  readonly course: UsageTimeline
}

/** Reads the costs of processes between opening and closing a window. */
export interface ProcessMeter {
  /** The window opens. */
  open(): void
  /** The window closes. */
  close(): void
  /** The costs in between; 0 where the window never opened. */
  usage(): ProcessCosts
}

/**
 * A meter of the processes that `find` returns. It is called when the window opens and when it closes, so that
 * workers that started or ended in between are counted too. Memory is sampled every 100 ms.
 */
export function meterProcesses(find: () => readonly number[]): ProcessMeter {
  const memory: number[] = []
  let pids: readonly number[] = []
  let opened: ProcessUsage | undefined
  let closed: ProcessUsage | undefined
  let timer: NodeJS.Timeout | undefined
  let start = { at: 0, cpu: 0 }
  const readings = usageRecorder()
  const reading = () => ({
    at: performance.now() / 1000 - start.at,
    cpuSeconds: cpuSeconds(pids) - start.cpu,
    rssBytes: memory.at(-1) ?? 0,
  })
  const sample = () => void memory.push(residentBytes(pids))
  return {
    open() {
      pids = find()
      sample()
      start = { at: performance.now() / 1000, cpu: cpuSeconds(pids) }
      readings.sample(() => ({ at: 0, cpuSeconds: 0, rssBytes: memory.at(-1) ?? 0 }))
      timer = setInterval(() => {
        sample()
        readings.sample(reading)
      }, sampleIntervalMs).unref()
      opened = processUsage(pids)
    },
    close() {
      closed = processUsage(find())
      clearInterval(timer)
      sample()
      readings.end(reading())
    },
    usage() {
      const empty = processUsage([])
      return {
        ...between(opened ?? empty, closed ?? opened ?? empty),
        ...memoryOf(memory),
        course: readings.timeline(),
      }
    },
  }
}

function between(
  from: ProcessUsage,
  to: ProcessUsage,
): Omit<ProcessCosts, keyof Memory | 'course'> {
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

type Memory = Pick<ProcessCosts, 'rssMeanBytes' | 'rssPeakBytes'>

function memoryOf(samples: readonly number[]): Memory {
  return {
    rssMeanBytes: sum(samples) / Math.max(1, samples.length),
    rssPeakBytes: Math.max(0, ...samples),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
