import os from 'node:os'
import { textFact } from '../../host/fact.ts'
import { readHostFacts } from '../../host/host-facts.ts'
import { type AvailableCpus, availableCpus } from '../../lab/available-cpus.ts'
import { meterHost } from '../../meter/host.ts'
import { measureTimerJitter } from '../../meter/measure-timer-jitter.ts'
import type { DoctorFacts, WatchedFacts } from './doctor-facts.ts'

/** Where to look, and for how long. */
export interface ReadOptions {
  /** Root of the file system. */
  readonly root?: string
  /** Seconds for which steal, swapping, pressure and timers are watched. */
  readonly watch?: number
}

/** Reads all facts of this host; changes nothing. */
export async function readDoctorFacts({
  root = '/',
  watch = 1,
}: ReadOptions = {}): Promise<DoctorFacts> {
  const cpus = availableCpus(root)
  const watched = await watchHost(root, watch, cpus)
  return {
    ...readHostFacts(root),
    ...watched,
    cpus,
    machineCpus: Math.max(os.cpus().length, cpus.list.length),
    node: { version: process.version, options: nodeOptions() },
  }
}

/** Options of Node from its command line and from NODE_OPTIONS, which processes inherit. */
function nodeOptions(): string[] {
  const inherited = (process.env.NODE_OPTIONS ?? '').split(/\s+/)
  return [...process.execArgv, ...inherited].filter((option) => option.startsWith('-'))
}

async function watchHost(
  root: string,
  seconds: number,
  cpus: AvailableCpus,
): Promise<WatchedFacts> {
  const stat = textFact(root, 'proc/stat')
  if ('why' in stat) {
    return { steal: stat, swapped: stat, pressure: stat, throttled: stat, jitter: stat }
  }
  const meter = meterHost(root)
  meter.open()
  const { p50, p99, max } = await measureTimerJitter(seconds)
  meter.close()
  const { stealSeconds, swappedPages, pressureSeconds, throttledSeconds } = meter.usage()
  return {
    steal: { value: stealSeconds / (seconds * cpus.list.length) },
    swapped: { value: { pages: swappedPages, seconds } },
    pressure:
      pressureSeconds === undefined
        ? { why: '/proc/pressure/cpu is missing: the kernel has no PSI' }
        : { value: Math.min(1, pressureSeconds / seconds) },
    throttled: { value: Math.min(1, throttledSeconds / seconds) },
    jitter: { value: { p50, p99, max } },
  }
}
