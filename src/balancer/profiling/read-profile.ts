import type { Profile } from '../../profile/profile.ts'
import { loadedOnce } from './loaded-once.ts'
import { ProfileError } from './profile-error.ts'

/**
 * The code that reads profiles, which a balancer without profiling does not pay for.
 *
 * @throws ProfileError its files cannot be loaded
 */
export const loadReaders = loadedOnce(async () => {
  const { profileReaders } = await import('./profile-readers.ts')
  return profileReaders
})

/**
 * Reads a CPU profile of V8.
 *
 * @throws ProfileError it is not one, or its reader cannot be loaded
 */
export async function readCpuProfile(
  text: string,
  taken: { readonly worker: string; readonly intervalMs: number },
): Promise<Profile> {
  const { cpu } = await loadReaders()
  return read(() => cpu(JSON.parse(text), taken))
}

/**
 * Reads a heap profile of V8 that was started at `since`, in ms of `performance.now()`.
 *
 * @throws ProfileError it is not one, or its reader cannot be loaded
 */
export async function readHeapProfile(
  text: string,
  { since, worker }: { readonly since: number; readonly worker: string },
): Promise<Profile> {
  const seconds = (performance.now() - since) / 1000
  const { heap } = await loadReaders()
  return read(() => heap(JSON.parse(text), seconds, worker))
}

function read(parse: () => Profile): Profile {
  try {
    return parse()
  } catch (cause) {
    const { message } = cause as Error
    throw new ProfileError(
      `the profile that V8 has taken cannot be read: ${message}`,
      'take a shorter one',
      { cause },
    )
  }
}
