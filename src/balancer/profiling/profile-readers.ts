import { profileOfCpuProfile } from '../../profile/cpu-profile.ts'
import { profileOfHeapProfile } from '../../profile/heap-profile.ts'
import { encodePprof } from '../../profile/pprof.ts'
import type { Profile } from '../../profile/profile.ts'
import { withoutIdle } from '../../profile/without-idle.ts'

/** The code that a balancer needs as soon as it is profiled: it reads profiles of V8, and writes them in pprof's format. */
export const profileReaders = {
  cpu: profileOfCpuProfile,
  heap: profileOfHeapProfile,
  pprof: (profile: Profile) => encodePprof(withoutIdle(profile)),
} as const
