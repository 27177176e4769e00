import type { Worker } from 'node:worker_threads'
import type { Profile } from '../../profile/profile.ts'
import type { WorkerMessage } from '../worker/worker-options.ts'
import { collectOptions, cpuOptions, heapOptions } from './profile-options.ts'
import type { ProfiledThread, ProfileName } from './profiled-thread.ts'
import { readCpuProfile, readHeapProfile } from './read-profile.ts'

/** Milliseconds that a worker has to start a profile, or to end it: one that is stuck in native code does neither. */
const responseTimeoutMs = 5000

/**
 * A worker. It may exit at any time, and is then without a profile.
 *
 * @param name its number
 */
export function profiledWorker(worker: Worker, name: string): ProfiledThread {
  return {
    async start(profile, intervalMs) {
      const since = performance.now()
      const starting = startIn(worker, profile, intervalMs)
      const handle = await unlessLost(worker, starting)
      if (handle === undefined) {
        // One that starts too late must not go on.
        starting.then((late) => late.stop()).catch(() => undefined)
        return undefined
      }
      return {
        async stop() {
          const taken = await unlessLost(worker, handle.stop())
          if (typeof taken !== 'string') return taken
          return profile === 'cpu'
            ? readCpuProfile(taken, { worker: name, intervalMs })
            : readHeapProfile(taken, { since, worker: name })
        },
        discard: async () => void (await unlessLost(worker, handle.stop())),
      }
    },
    async collectGarbage() {
      const handle = await unlessLost(worker, worker.startHeapProfile(collectOptions))
      if (handle === undefined) return undefined
      await unlessLost(worker, handle.stop())
      const statistics = await unlessLost(worker, worker.getHeapStatistics())
      return (
        statistics && {
          worker: name,
          heapBytes: statistics.used_heap_size,
          externalBytes: statistics.external_memory,
        }
      )
    },
  }
}

/** A profile in a worker: V8's is text, that of its asynchronous work is made there. */
interface Handle {
  stop(): Promise<string | Profile>
}

async function startIn(worker: Worker, profile: ProfileName, intervalMs: number): Promise<Handle> {
  if (profile === 'cpu') return worker.startCpuProfile(cpuOptions(intervalMs))
  if (profile !== 'activity') return worker.startHeapProfile(heapOptions[profile])
  worker.postMessage({ activity: 'start' } satisfies WorkerMessage)
  return {
    stop() {
      const taken = Promise.withResolvers<Profile>()
      worker.once('activity', taken.resolve)
      worker.postMessage({ activity: 'stop' } satisfies WorkerMessage)
      return taken.promise
    },
  }
}

/**
 * The result of `asked`; undefined once the worker has exited, in which case `asked` may never settle, and where it does not
 * respond in time.
 *
 * @throws the error of `asked` where the worker is still there
 */
async function unlessLost<T>(worker: Worker, asked: Promise<T>): Promise<T | undefined> {
  const settled = asked.catch((error: NodeJS.ErrnoException) => {
    if (worker.threadId === -1 || error.code === 'ERR_WORKER_NOT_RUNNING') return undefined
    throw error
  })
  if (worker.threadId === -1) {
    settled.catch(() => undefined)
    return undefined
  }
  const lost = Promise.withResolvers<undefined>()
  const lose = () => lost.resolve(undefined)
  const timeout = setTimeout(lose, responseTimeoutMs)
  worker.once('exit', lose)
  try {
    return await Promise.race([settled, lost.promise])
  } finally {
    clearTimeout(timeout)
    worker.off('exit', lose)
  }
}
