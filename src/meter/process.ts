import { type CostsBetween, costsBetween } from './costs-between.ts'
import { cpuSeconds, type ProcessUsage, processUsage, residentBytes } from './process-usage.ts'
import { type UsageTimeline, usageRecorder } from './timeline.ts'

/** Milliseconds between two samples of the memory; CPU time is read with every second sample, or more rarely. */
const sampleIntervalMs = 100

/** Costs of some processes in the window, with all their threads. Seconds and bytes. */
export interface ProcessCosts extends CostsBetween {
  readonly rssMeanBytes: number
  readonly rssPeakBytes: number
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
        ...costsBetween(opened ?? empty, closed ?? opened ?? empty),
        ...memoryOf(memory),
        course: readings.timeline(),
      }
    },
  }
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
