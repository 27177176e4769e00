import type { TimerQueue } from './timer-queue.ts'

/** One request in a service queue. */
export interface Job {
  readonly done: () => void
  inService: boolean
  /** When it came into the queue, in ms of `performance.now()`; undefined for one that found a free server. */
  readonly queuedMs: number | undefined
}

/** A queue with c servers, first come first served. */
export interface ServiceQueue {
  /** Adds a request. `done` is called when its service is complete: at once if that takes no time. */
  enter(done: () => void): Job
  /** Removes a request whose client disconnected, and frees its server or its place in the queue. */
  leave(job: Job): void
  /** Requests that wait for a server. */
  readonly length: number
  /** Maximum length since `resetPeak`. */
  readonly peak: number
  resetPeak(): void
}

/** Options of a service queue. */
interface ServiceQueueOptions {
  /** Requests in service at the same time; 0: unlimited. */
  readonly servers: number
  /** Draws a service time, in seconds. */
  readonly serviceTime: () => number
  readonly timers: TimerQueue
  /** Notes the wait of a request in the queue, in ms of `performance.now()`. */
  readonly noteWait?: (fromMs: number, untilMs: number) => void
}

/** An empty queue. */
export function serviceQueue({
  serviceTime,
  timers,
  noteWait,
  ...options
}: ServiceQueueOptions): ServiceQueue {
  const servers = options.servers === 0 ? Number.POSITIVE_INFINITY : options.servers
  // A set keeps insertion order, and removes from the middle in constant time.
  const waiting = new Set<Job>()
  let busy = 0
  let peak = 0

  const begin = (job: Job): void => {
    busy++
    job.inService = true
    const seconds = serviceTime()
    if (seconds === 0) {
      finish(job)
      return
    }
    timers.add(performance.now() + seconds * 1e3, () => {
      if (job.inService) finish(job)
    })
  }
  const release = (job: Job): void => {
    job.inService = false
    busy--
    if (waiting.size === 0) return
    const next = waiting.values().next().value as Job
    waiting.delete(next)
    if (next.queuedMs !== undefined) noteWait?.(next.queuedMs, performance.now())
    begin(next)
  }
  const finish = (job: Job): void => {
    // The next job in the queue gets the server first: `done` may add another request of the same client.
    release(job)
    job.done()
  }

  return {
    enter(done) {
      const isFree = busy < servers
      const queuedMs = isFree || noteWait === undefined ? undefined : performance.now()
      const job = { done, inService: false, queuedMs }
      if (isFree) begin(job)
      else {
        waiting.add(job)
        peak = Math.max(peak, waiting.size)
      }
      return job
    },
    leave(job) {
      if (!waiting.delete(job) && job.inService) release(job)
    },
    get length() {
      return waiting.size
    },
    get peak() {
      return peak
    },
    resetPeak() {
      peak = waiting.size
    },
  }
}
