import type { TimerQueue } from './timer-queue.ts'

/** One request's stay at a station. */
export interface Job {
  readonly done: () => void
  /** It has a place, and is being worked on. */
  working: boolean
}

/** Where requests are worked on: so many places, and a queue, first come first served. */
export interface ServiceQueue {
  /** Takes a request, into a place or into the queue. Where it takes no time, `done` is called at once. */
  enter(done: () => void): Job
  /** Gives up a request whose client has gone: its place, or its place in the queue, is free. */
  leave(visit: Job): void
  readonly queued: number
  /** The most that ever waited, since `forget`. */
  readonly queuePeak: number
  forget(): void
}

/** A station with `places` (0: no limit), which works on each request for as long as `draw` says, in seconds. */
export function serviceQueue(given: {
  readonly places: number
  readonly draw: () => number
  readonly agenda: TimerQueue
}): ServiceQueue {
  const places = given.places === 0 ? Number.POSITIVE_INFINITY : given.places
  // A set keeps its order, and gives up those in the middle as cheaply as the first.
  const queue = new Set<Job>()
  let busy = 0
  let queuePeak = 0

  const begin = (visit: Job): void => {
    busy++
    visit.working = true
    const seconds = given.draw()
    if (seconds === 0) {
      finish(visit)
      return
    }
    given.agenda.add(performance.now() + seconds * 1e3, () => {
      if (visit.working) finish(visit)
    })
  }
  const free = (visit: Job): void => {
    visit.working = false
    busy--
    if (queue.size === 0) return
    const next = queue.values().next().value as Job
    queue.delete(next)
    begin(next)
  }
  const finish = (visit: Job): void => {
    // The place goes to the queue first: `done` may bring the next request of the same client.
    free(visit)
    visit.done()
  }

  return {
    enter(done) {
      const visit = { done, working: false }
      if (busy < places) begin(visit)
      else {
        queue.add(visit)
        queuePeak = Math.max(queuePeak, queue.size)
      }
      return visit
    },
    leave(visit) {
      if (!queue.delete(visit) && visit.working) free(visit)
    },
    get queued() {
      return queue.size
    },
    get queuePeak() {
      return queuePeak
    },
    forget() {
      queuePeak = queue.size
    },
  }
}
