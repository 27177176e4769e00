import type { Profile } from './profile.ts'
import { profileBuilder } from './profile-builder.ts'

/**
 * One profile of several that were taken at the same time, such as those of the threads of a process: values of the same
 * stack and worker are summed. It is as long as the longest of them.
 *
 * @throws RangeError when there is none, or when they are of different kinds
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const [first] = profiles
  if (first === undefined || profiles.some(({ kind }) => kind !== first.kind))
    throw new RangeError('profiles of one kind can be merged, and at least one is needed')
  const builder = profileBuilder(first.kind)
  for (const { frames, samples } of profiles) {
    for (const { stack, value, worker } of samples) {
      const path = stack.flatMap((index) => frames[index] ?? [])
      builder.add(path, value, worker)
    }
  }
  return builder.build(Math.max(...profiles.map(({ seconds }) => seconds)))
}
