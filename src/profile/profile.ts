/** A function in a profile. */
export interface Frame {
  readonly name: string
  /** Path or URL of its source; empty for native frames, such as `(garbage collector)`. */
  readonly file: string
  /** Line of its declaration, from 1, in profiles of activity that of the call; 0 where it is not known. */
  readonly line: number
}

/** A stack, and what was measured there. */
export interface ProfileSample {
  /** Indexes of `frames`, root first. */
  readonly stack: readonly number[]
  /** In the unit of the profile. */
  readonly value: number
  /** Thread in which it was taken: the number of a worker, or `main`. */
  readonly worker?: string
}

/**
 * A profile: of CPU time in µs, of the heap in bytes, or of asynchronous work that is open, in numbers of operations. No two
 * samples have the same stack and worker.
 */
export interface Profile {
  readonly kind: 'cpu' | 'heap' | 'activity'
  readonly unit: 'microseconds' | 'bytes' | 'count'
  /** Duration of the measurement. */
  readonly seconds: number
  readonly frames: readonly Frame[]
  readonly samples: readonly ProfileSample[]
}

/** What a profile measures. */
export type ProfileKind = Profile['kind']

/** The unit of each kind of profile. */
export const profileUnits = {
  cpu: 'microseconds',
  heap: 'bytes',
  activity: 'count',
} as const satisfies Record<ProfileKind, Profile['unit']>
