import { setTimeout as wait } from 'node:timers/promises'
import { mergeProfiles } from '../../profile/merge.ts'
import type { Profile } from '../../profile/profile.ts'
import type { ProfiledThread, ProfileName, ThreadMemory } from './profiled-thread.ts'

/** Memory of the balancer after garbage collection. */
interface MemoryReport {
  readonly threads: readonly ThreadMemory[]
  /** Resident memory of the process, in bytes. */
  readonly rssBytes: number
}

/** Takes profiles of all threads of the balancer, one at a time. */
export interface Profiler {
  /** Whether a profile is being taken, so that no other one can be. */
  busy(): boolean
  /**
   * Takes a profile of `seconds`, shorter if `end` is called. Threads that exit meanwhile are not in it; those that start
   * meanwhile are not, either.
   *
   * @returns undefined when `gone` aborts: nobody waits for it any more
   */
  take(name: ProfileName, seconds: number, gone: AbortSignal): Promise<Profile | undefined>
  /** Collects garbage in all threads, and reads their memory. */
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
    busy: () => current !== undefined,
    take: (name, seconds, gone) =>
      alone(async (ending) => {
        const started = await Promise.all(threads().map((thread) => thread.start(name)))
        const running = started.filter((profile) => profile !== undefined)
        const signal = AbortSignal.any([ending, gone])
        await wait(seconds * 1000, undefined, { signal }).catch(() => undefined)
        if (gone.aborted) {
          await Promise.all(running.map((profile) => profile.discard()))
          return undefined
        }
        const taken = await Promise.all(running.map((profile) => profile.stop()))
        return mergeProfiles(taken.filter((profile) => profile !== undefined))
      }),
    collectGarbage: () =>
      alone(async () => {
        const memory = await Promise.all(threads().map((thread) => thread.collectGarbage()))
        return {
          threads: memory.filter((thread) => thread !== undefined),
          rssBytes: process.memoryUsage.rss(),
        }
      }),
    async end() {
      current?.ending.abort()
      await current?.done
    },
  }
}
