import { kernelUnits } from './kernel-units.ts'
import {
  cpuSeconds,
  type ProcessUsage,
  processUsage,
  residentBytes,
  type ThreadUsage,
} from './process-usage.ts'
import { type UsageTimeline, usageRecorder } from './timeline.ts'

/** Milliseconds between two looks at the memory; at every second one, at most, CPU time is read too. */
const lookEvery = 100

/** What some processes cost in the window, with all their threads. Seconds and bytes. */
interface ProcessCosts {
  readonly userSeconds: number
  readonly systemSeconds: number
  /** CPU-seconds of the thread that used most: one thread has no use for a second CPU. */
  readonly busiestThreadSeconds: number
  /** Seconds that threads stood ready and waited for a CPU, over all threads. */
  readonly waitedSeconds: number
  /** The same of the thread that used most. */
  readonly busiestThreadWaitedSeconds: number
  readonly rssMeanBytes: number
  readonly rssPeakBytes: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
  /** Of the processes that were there when the window opened. */
  readonly course: UsageTimeline
}

/** Reads what processes cost between two moments. */
export interface ProcessMeter {
  /** The window opens. */
  open(): void
  /** The window closes. */
  close(): void
  /** What was used in between; nothing where the window never opened. */
  usage(): ProcessCosts
}

/**
 * A meter on the processes that `find` names: asked when the window opens and when it closes, so that
 * workers that came or went in between are counted too. Memory is looked at every 100 ms.
 */
export function meterProcesses(find: () => readonly number[]): ProcessMeter {
  const memory: number[] = []
  let pids: readonly number[] = []
  let opened: ProcessUsage | undefined
  let closed: ProcessUsage | undefined
  let looking: NodeJS.Timeout | undefined
  let start = { at: 0, cpu: 0 }
  const readings = usageRecorder()
  const reading = () => ({
    at: performance.now() / 1000 - start.at,
    cpuSeconds: cpuSeconds(pids) - start.cpu,
    rssBytes: memory.at(-1) ?? 0,
  })
  const look = () => void memory.push(residentBytes(pids))
  return {
    open() {
      pids = find()
      look()
      start = { at: performance.now() / 1000, cpu: cpuSeconds(pids) }
      readings.offer(reading)
      looking = setInterval(() => {
        look()
        readings.offer(reading)
      }, lookEvery).unref()
      opened = processUsage(pids)
    },
    close() {
      closed = processUsage(find())
      clearInterval(looking)
      look()
      readings.end(reading())
    },
    usage() {
      const empty = processUsage([])
      return {
        ...between(opened ?? empty, closed ?? opened ?? empty),
        ...memoryOf(memory),
        course: readings.course(),
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
    waitedSeconds: sum(threads.map(({ waited }) => waited)),
    voluntarySwitches: Math.max(0, to.voluntarySwitches - from.voluntarySwitches),
    involuntarySwitches: Math.max(0, to.involuntarySwitches - from.involuntarySwitches),
  }
}

/**
 * A tick is 10 ms, which is 1 % of a window of 1 s; threads' own times are exact, but miss what threads and
 * children that ended had used. They are taken where they differ by no more than rounding: each process
 * has four counts in ticks, each up to one tick off.
 */
function agree(exact: number, ticked: number, processes: number): boolean {
  return exact > 0 && Math.abs(exact - ticked) <= (4 * processes) / kernelUnits().ticks
}

function spent(from: ThreadUsage = { cpu: 0, waited: 0 }, to: ThreadUsage): ThreadUsage {
  return { cpu: to.cpu - from.cpu, waited: to.waited - from.waited }
}

type Memory = Pick<ProcessCosts, 'rssMeanBytes' | 'rssPeakBytes'>

function memoryOf(looks: readonly number[]): Memory {
  return {
    rssMeanBytes: sum(looks) / Math.max(1, looks.length),
    rssPeakBytes: Math.max(0, ...looks),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
