import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { hrtimeOffsetMs } from '../kit/clock.ts'
import { kernelUnits } from './kernel-units.ts'

/** Milliseconds between two readings, and the wait of a thread from which on it is kept. */
const [tickMs, leastMs] = [10, 1]
/** Readings take at most this share of a CPU: where there are many threads, they are further apart, up to so many ms. */
const [maxShare, maxTickMs] = [0.005, 40]
/** Threads of each process that are read, those that used most CPU time. */
const maxThreads = 10
/** Waits that are kept: of 40 s in which every role waits all the time. */
const maxWaits = 12_000

/**
 * Time that a thread of `name` waited for a CPU, the one that waited longest, or, of `steal`, that the hypervisor took from
 * all CPUs: somewhere between two readings. The kernel counts a wait when it ends: one that is longer than the time between
 * them began before the first. Milliseconds; the times in those of the host's clock.
 */
interface Wait<Name> {
  readonly name: Name | 'steal'
  readonly fromMs: number
  readonly untilMs: number
  readonly waitedMs: number
}

/** Reads the waits while it is open. */
export interface WaitMeter<Name> {
  /** Begins to read; when it is called again, it chooses the threads again. */
  open(): void
  close(): void
  waits(): readonly Wait<Name>[]
}

/** A counter that is read again and again, in milliseconds since some time before. */
interface Counter<Name> {
  readonly name: Name | 'steal'
  read(): number
  close(): void
  last: number
  /** The process of a thread. */
  readonly process: ReadProcess
  /** It counts the CPU time of a helper thread, not the waits of a thread. */
  readonly isHelper: boolean
}

/** CPU time of the helper threads of a process: a sum for each of the last readings, the newest one last. */
interface ReadProcess {
  readonly helpers: { readonly atMs: number; ms: number }[]
}

/** Readings of helper threads that are kept: no wait for them is longer. */
const keptReadings = 20

/** Threads with which V8 collects garbage and compiles. */
const helperName = /V8Worker/

/**
 * A meter of the run-queue waits of processes, by name, and of steal. While helper threads of V8 use the CPU, a thread of their
 * process waits for them, as part of a garbage collection: only the rest of its wait counts. The files stay open, since to open
 * one costs more than to read it; the threads are those of the moment at which it is opened.
 */
export function meterWaits<Name extends string>(
  processes: ReadonlyMap<Name, () => readonly number[]>,
  root = '/proc',
): WaitMeter<Name> {
  const waits: Wait<Name>[] = []
  let counters: Counter<Name>[] = []
  let offsetMs = 0
  let lastMs = 0
  let quickestMs = Number.POSITIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const read = (): void => {
    const nowMs = performance.now()
    const longest = new Map<Name | 'steal', number>()
    for (const counter of counters) {
      const waitedMs = waitedSince(counter, nowMs)
      const { name } = counter
      if (waitedMs >= Math.max(leastMs, longest.get(name) ?? 0)) longest.set(name, waitedMs)
    }
    for (const [name, waitedMs] of longest) {
      if (waits.length >= maxWaits) break
      const fromMs = name === 'steal' ? lastMs : Math.min(lastMs, nowMs - waitedMs)
      waits.push({ name, fromMs: fromMs + offsetMs, untilMs: nowMs + offsetMs, waitedMs })
    }
    lastMs = nowMs
    // The quickest one: any other may have waited for a CPU itself.
    quickestMs = Math.min(quickestMs, performance.now() - nowMs)
    const pauseMs = Math.min(maxTickMs, Math.max(tickMs, quickestMs / maxShare))
    timer = setTimeout(read, pauseMs).unref()
  }
  const stop = (): void => {
    if (timer === undefined) return
    clearTimeout(timer)
    read()
    clearTimeout(timer)
    for (const counter of counters.splice(0)) counter.close()
  }
  return {
    open() {
      stop()
      offsetMs = hrtimeOffsetMs()
      counters = [...processes].flatMap(([name, pids]) =>
        pids().flatMap((pid) => threadCounters(name, `${root}/${pid}/task`)),
      )
      counters.push(...counterOf<Name>('steal', `${root}/stat`, stealMs))
      lastMs = performance.now()
      timer = setTimeout(read, tickMs).unref()
    },
    close: stop,
    waits: () => waits,
  }
}

/** Milliseconds that it grew by since the last reading, without those of helper threads; of a helper 0. */
function waitedSince<Name>(counter: Counter<Name>, nowMs: number): number {
  const { process, isHelper } = counter
  const value = counter.read()
  const ms = value - counter.last
  counter.last = value
  if (!isHelper) return ms - helperMs(process, nowMs, ms)
  // The helpers of a process come before its other threads.
  const { helpers } = process
  if (helpers.at(-1)?.atMs !== nowMs) helpers.push({ atMs: nowMs, ms: 0 })
  if (helpers.length > keptReadings) helpers.shift()
  const reading = helpers.at(-1)
  if (reading !== undefined) reading.ms += ms
  return 0
}

/** CPU time that the helper threads used while a thread waited, which may have begun before the last reading. */
function helperMs({ helpers }: ReadProcess, nowMs: number, waitedMs: number): number {
  return helpers.reduce(
    (sum, { atMs, ms }) => sum + (atMs === nowMs || atMs > nowMs - waitedMs ? ms : 0),
    0,
  )
}

function noThread() {
  return { process: { helpers: [] }, isHelper: false }
}

function threadCounters<Name>(name: Name, folder: string): Counter<Name>[] {
  const process: ReadProcess = { helpers: [] }
  const all = namesIn(folder).map((thread) => {
    const file = `${folder}/${thread}/schedstat`
    const [cpu] = counterOf(name, file, cpuMs)
    cpu?.close()
    const isHelper = helperName.test(textOf(`${folder}/${thread}/comm`))
    return { file, cpu: cpu?.last ?? 0, isHelper }
  })
  const busiest = (isHelper: boolean) =>
    all
      .filter((one) => one.isHelper === isHelper)
      .toSorted((a, b) => b.cpu - a.cpu)
      .slice(0, maxThreads)
  return [...busiest(true), ...busiest(false)].flatMap(({ file, isHelper }) =>
    counterOf(name, file, isHelper ? cpuMs : waitedMs, { process, isHelper }),
  )
}

/** A counter of one file; none where it cannot be read. */
function counterOf<Name>(
  name: Name | 'steal',
  file: string,
  valueIn: (text: string) => number,
  thread: Pick<Counter<Name>, 'process' | 'isHelper'> = noThread(),
): Counter<Name>[] {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return []
  }
  const buffer = Buffer.alloc(256)
  const counter: Counter<Name> = {
    ...thread,
    name,
    last: 0,
    read() {
      try {
        return valueIn(buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, 256, 0)))
      } catch {
        // The thread has ended.
        return counter.last
      }
    },
    close: () => closeSync(descriptor),
  }
  counter.last = counter.read()
  return [counter]
}

/** `schedstat`: ns on a CPU, ns waiting for one, time slices. Documentation/scheduler/sched-stats.rst. */
function cpuMs(schedstat: string): number {
  return Number(schedstat.split(' ')[0] ?? 0) / 1e6
}

function waitedMs(schedstat: string): number {
  return Number(schedstat.split(' ')[1] ?? 0) / 1e6
}

/** The eighth number of the first line, in clock ticks. proc_stat(5). */
function stealMs(stat: string): number {
  const [line = ''] = stat.split('\n')
  return (Number(line.trim().split(/ +/)[8] ?? 0) * 1e3) / kernelUnits().ticks
}

/** The text of a file; none where it cannot be read. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
