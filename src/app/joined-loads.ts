import type { LoadResult } from '../result/schemas/load.ts'

/** The results of two loads of one target, one after the other, as one; `offset` is where the second begins. */
export function joinedLoads(
  first: LoadResult,
  second: LoadResult,
  offset: { readonly stages: number; readonly ms: number },
): LoadResult {
  const course = second.course.map((bin) => ({
    ...bin,
    ...{ atMs: bin.atMs + offset.ms, stage: bin.stage + offset.stages },
  }))
  return {
    ...second,
    createdAt: first.createdAt,
    complete: first.complete && second.complete,
    seconds: first.seconds + second.seconds,
    stages: [...first.stages, ...second.stages],
    unfinished: first.unfinished + second.unfinished,
    course: [...first.course, ...course],
    drivers: {
      ...second.drivers,
      busy: Math.max(first.drivers.busy, second.drivers.busy),
      stalled: Math.max(first.drivers.stalled, second.drivers.stalled),
      cpuSeconds: first.drivers.cpuSeconds + second.drivers.cpuSeconds,
      lost: [...first.drivers.lost, ...second.drivers.lost],
    },
    processes: second.processes.map((one, i) => {
      const before = first.processes[i]
      return {
        ...one,
        cpuSeconds: one.cpuSeconds + (before?.cpuSeconds ?? 0),
        rssPeak: Math.max(one.rssPeak, before?.rssPeak ?? 0),
      }
    }),
  }
}
