import type { Worker } from 'node:worker_threads'
import type { Profile, ProfileKind } from '../../profile/profile.ts'
import type { WorkerMessage } from '../worker/worker-options.ts'
import { collectOptions, cpuOptions, heapOptions } from './profile-options.ts'
import type { ProfiledThread } from './profiled-thread.ts'
import { readCpuProfile, readHeapProfile } from './read-profile.ts'

/**
 * A worker. It may exit at any time, and is then without a profile.
 *
 * @param name its number
 */
export function profiledWorker(worker: Worker, name: string): ProfiledThread {
  return {
    async start(kind) {
      const since = performance.now()
      const handle = await unlessExited(worker, startIn(worker, kind))
      if (handle === undefined) return undefined
      return {
        async stop() {
          const taken = await unlessExited(worker, handle.stop())
          if (typeof taken !== 'string') return taken
          return kind === 'cpu'
            ? readCpuProfile(taken, name)
            : readHeapProfile(taken, { since, worker: name })
        },
        discard: async () => void (await unlessExited(worker, handle.stop())),
      }
    },
    async collectGarbage() {
      const handle = await unlessExited(worker, worker.startHeapProfile(collectOptions))
      if (handle === undefined) return undefined
      await unlessExited(worker, handle.stop())
      const statistics = await unlessExited(worker, worker.getHeapStatistics())
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

async function startIn(worker: Worker, kind: ProfileKind): Promise<Handle> {
  if (kind === 'cpu') return worker.startCpuProfile(cpuOptions)
  if (kind === 'heap') return worker.startHeapProfile(heapOptions)
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

/** The result of `asked`; undefined once the worker has exited, in which case `asked` may never settle. */
async function unlessExited<T>(worker: Worker, asked: Promise<T>): Promise<T | undefined> {
  if (worker.threadId === -1) return undefined
  const exited = Promise.withResolvers<undefined>()
  const onExit = () => exited.resolve(undefined)
  worker.once('exit', onExit)
  try {
    return await Promise.race([asked.catch(() => undefined), exited.promise])
  } finally {
    worker.off('exit', onExit)
  }
}
