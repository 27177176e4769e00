import type { Profile } from '../../profile/profile.ts'

/*
 * The readers are loaded with the first profile: a balancer that is never profiled does not pay for them.
 */

/** Reads a CPU profile of V8. */
export async function readCpuProfile(text: string, worker: string): Promise<Profile> {
  const { profileOfCpuProfile } = await import('../../profile/cpu-profile.ts')
  return profileOfCpuProfile(JSON.parse(text), worker)
}

/** Reads a heap profile of V8 that was started at `since`, in ms of `performance.now()`. */
export async function readHeapProfile(
  text: string,
  { since, worker }: { readonly since: number; readonly worker: string },
): Promise<Profile> {
  const seconds = (performance.now() - since) / 1000
  const { profileOfHeapProfile } = await import('../../profile/heap-profile.ts')
  return profileOfHeapProfile(JSON.parse(text), seconds, worker)
}
