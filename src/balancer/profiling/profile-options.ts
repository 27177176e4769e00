import type { CPUProfileOptions } from 'node:v8'

/**
 * Milliseconds between two samples of a thread, unless a request asks for others. A sample costs some 20 µs of CPU time, of a
 * thread that waits as well: with one each ms, profiles cost a loaded balancer more than 5 %.
 */
export const usualIntervalMs = 2

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
