import { setTimeout as wait } from 'node:timers/promises'
import { mergeProfiles } from '../../profile/merge.ts'
import type { Profile } from '../../profile/profile.ts'
import { threadError } from './profile-error.ts'
import type {
  ProfiledThread,
  ProfileName,
  RunningProfile,
  ThreadMemory,
} from './profiled-thread.ts'
import { loadReaders } from './read-profile.ts'

/** Memory of the balancer after garbage collection. */
interface MemoryReport {
  readonly threads: readonly ThreadMemory[]
  /** Resident memory of the process, in bytes. */
  readonly rssBytes: number
}

/** Which profile, and how. */
interface ProfileRequest {
  readonly name: ProfileName
  readonly seconds: number
  /** Milliseconds between two samples of CPU time. */
  readonly intervalMs: number
}

/** Takes profiles of all threads of the balancer, one at a time. */
export interface Profiler {
  /** Loads the code that reads profiles, unless that fails: the first profile then tries again. */
  prepare(): Promise<void>
  /** Whether a profile is being taken, so that no other one can be. */
  busy(): boolean
  /**
   * Takes a profile of `seconds`, shorter if `end` is called. Threads that exit meanwhile are not in it; those that start
   * meanwhile are not, either.
   *
   * @returns undefined when `gone` aborts: nobody waits for it any more
   * @throws ProfileError a thread refuses it, or it cannot be read; no thread is profiled any more
   */
  take(request: ProfileRequest, gone: AbortSignal): Promise<Profile | undefined>
  /**
   * Collects garbage in all threads, and reads their memory.
   *
   * @throws ProfileError a thread refuses it
   */
  collectGarbage(): Promise<MemoryReport>
  /** Ends the profile that is being taken, if there is one, with what it has. The balancer stops. */
  end(): Promise<void>
}

/** A profiler of the threads that `threads` returns when a profile begins. */
export function newProfiler(threads: () => readonly ProfiledThread[]): Profiler {
  let current: { readonly ending: AbortController; readonly done: Promise<unknown> } | undefined

  async function alone<T>(work: (ending: AbortSignal) => Promise<T>): Promise<T> {
    const ending = new AbortController()
    const done = work(ending.signal)
    const mine = { ending, done: done.catch(() => undefined) }
    current = mine
    try {
      return await done
    } finally {
      if (current === mine) current = undefined
    }
  }

  return {
    prepare: async () => void (await loadReaders().catch(() => undefined)),
    busy: () => current !== undefined,
    take: ({ name, seconds, intervalMs }, gone) =>
      alone(async (ending) => {
        const running = await startAll(threads(), name, intervalMs)
        const signal = AbortSignal.any([ending, gone])
        await wait(seconds * 1000, undefined, { signal }).catch(() => undefined)
        if (gone.aborted) {
          await discardAll(running)
          return undefined
        }
        return mergeProfiles(await allOf(running.map((profile) => profile.stop())))
      }),
    collectGarbage: () =>
      alone(async () => ({
        threads: await allOf(threads().map((thread) => thread.collectGarbage())),
        rssBytes: process.memoryUsage.rss(),
      })),
    async end() {
      current?.ending.abort()
      await current?.done
    },
  }
}

/** Starts the profile in all threads, or in none: one that went on alone would be in the way of the next. */
async function startAll(
  threads: readonly ProfiledThread[],
  name: ProfileName,
  intervalMs: number,
): Promise<readonly RunningProfile[]> {
  const starting = threads.map((thread) => thread.start(name, intervalMs))
  try {
    return await allOf(starting)
  } catch (error) {
    const settled = await Promise.allSettled(starting)
    await discardAll(
      settled.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : [])),
    )
    throw error
  }
}

async function discardAll(running: readonly RunningProfile[]): Promise<void> {
  await Promise.allSettled(running.map((profile) => profile.discard()))
}

/**
 * The results of all threads that are still there, once all have ended.
 *
 * @throws ProfileError one fails
 */
async function allOf<T>(asked: readonly Promise<T | undefined>[]): Promise<T[]> {
  const settled = await Promise.allSettled(asked)
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw threadError(failed.reason)
  return settled.flatMap((one) =>
    one.status === 'fulfilled' && one.value !== undefined ? [one.value] : [],
  )
}
