import { profiledMain } from '../profiling/profiled-main.ts'
import { profiledWorker } from '../profiling/profiled-worker.ts'
import { newProfiler, type Profiler } from '../profiling/profiler.ts'
import type { WorkerPool } from './worker-pool.ts'

/** The profiler of the main thread and of all workers that are ready. */
export function balancerProfiler(workers: Pick<WorkerPool, 'ready'>): Profiler {
  return newProfiler(() => [
    profiledMain,
    ...workers.ready().map(([number, worker]) => profiledWorker(worker, String(number))),
  ])
}
