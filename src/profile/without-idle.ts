import type { Profile } from './profile.ts'

/** Frame of V8 for time in which a thread waited. */
const idle = '(idle)'

/** A profile of CPU time without the time in which threads waited: as profiles of other programs are. */
export function withoutIdle({ samples, ...profile }: Profile): Profile {
  const { frames } = profile
  const busy = ({ stack }: Profile['samples'][number]) => frames[stack.at(-1) ?? -1]?.name !== idle
  return { ...profile, samples: samples.filter(busy) }
}
