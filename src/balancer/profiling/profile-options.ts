import type { CPUProfileOptions } from 'node:v8'

/**
 * Milliseconds between two samples of a thread, unless a request asks for others. With one each ms, a busy worker took 3 to 4 %
 * more CPU time for the same work.
 */
export const usualIntervalMs = 2

/**
 * The minimum for the main thread: a sample of a thread that waits wakes it, which costs 40 to 50 µs, as much as several of a
 * busy one; and the main thread waits nearly all of the time.
 */
export const mainIntervalMs = 10

/** Options of V8's CPU profiler, which takes whole milliseconds. */
export function cpuOptions(intervalMs: number): CPUProfileOptions {
  return { sampleInterval: intervalMs }
}

/** Options of V8's sampling heap profiler, by profile. `sampleInterval` is the average number of bytes between two samples. */
export const heapOptions = {
  // Garbage is collected before the profile is read, so that it has live objects only.
  heap: { sampleInterval: 4096, stackDepth: 64, forceGC: true },
  allocs: {
    sampleInterval: 16_384,
    stackDepth: 64,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  },
} as const

/** Options with which a heap profile does no more than to collect garbage when it is read. */
export const collectOptions = { sampleInterval: 2 ** 30, forceGC: true } as const
