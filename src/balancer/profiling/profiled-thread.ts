import type { Profile } from '../../profile/profile.ts'

/** A profile to take: of CPU time, of live objects, of all objects that are allocated, or of open operations. */
export type ProfileName = 'cpu' | 'heap' | 'allocs' | 'activity'

/** A profile that is being taken in one thread. */
export interface RunningProfile {
  /**
   * Ends it. Undefined where the thread has exited meanwhile: its samples went with it.
   * @throws ProfileError it cannot be read
   */
  stop(): Promise<Profile | undefined>
  /** Ends it without its samples. */
  discard(): Promise<void>
}

/** Memory of one thread after garbage collection, in bytes. */
export interface ThreadMemory {
  /** The number of a worker, or `main`. */
  readonly worker: string
  readonly heapBytes: number
  /** Memory outside the heap that its objects hold, such as buffers. */
  readonly externalBytes: number
}

/** A thread of the balancer that can be profiled from the main thread. */
export interface ProfiledThread {
  /**
   * Starts a profile; undefined where the thread has exited.
   *
   * @param intervalMs between two samples of CPU time; of a thread that mostly waits, there may be more time between them
   * @throws the error of V8, such as that another heap profile is being taken
   */
  start(name: ProfileName, intervalMs: number): Promise<RunningProfile | undefined>
  /** Collects garbage and reads the memory after it; undefined where the thread has exited. */
  collectGarbage(): Promise<ThreadMemory | undefined>
}
