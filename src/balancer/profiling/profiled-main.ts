import { getHeapStatistics, startCpuProfile, startHeapProfile } from 'node:v8'
import type { Profile } from '../../profile/profile.ts'
import { watchActivity } from './activity.ts'
import { collectOptions, cpuOptions, heapOptions, mainIntervalMs } from './profile-options.ts'
import type { ProfiledThread, RunningProfile } from './profiled-thread.ts'
import { readCpuProfile, readHeapProfile } from './read-profile.ts'

const name = 'main'

/** The main thread. */
export const profiledMain: ProfiledThread = {
  async start(profile, intervalMs) {
    if (profile === 'cpu') {
      const taken = { worker: name, intervalMs: Math.max(intervalMs, mainIntervalMs) }
      const handle = startCpuProfile(cpuOptions(taken.intervalMs))
      return running(handle, async () => readCpuProfile(handle.stop(), taken))
    }
    if (profile !== 'activity') {
      const since = performance.now()
      const handle = startHeapProfile(heapOptions[profile])
      return running(handle, async () => readHeapProfile(handle.stop(), { since, worker: name }))
    }
    const watch = watchActivity(name)
    return running(watch, async () => watch.stop())
  },
  async collectGarbage() {
    startHeapProfile(collectOptions).stop()
    const { used_heap_size: heapBytes, external_memory: externalBytes } = getHeapStatistics()
    return { worker: name, heapBytes, externalBytes }
  },
}

function running(handle: Disposable, stop: () => Promise<Profile>): RunningProfile {
  return {
    stop,
    async discard() {
      handle[Symbol.dispose]()
    },
  }
}
