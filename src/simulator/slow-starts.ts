import { slowStartShare } from '../algorithms/parts/slow-start.ts'
import type { DispatcherSet } from './dispatcher-set.ts'
import type { Timeline } from './timeline.ts'

/** Seconds for which a backend in its slow start is eligible, or not. */
const sliceSeconds = 0.01

/** Lets backends that return grow to their share: they are eligible in more and more slices of time, as in the reference balancer. */
export class SlowStarts {
  readonly #seconds: number
  readonly #timeline: Timeline
  readonly #dispatchers: DispatcherSet
  /** Number of slow starts of each backend: a later one ends the one before. */
  readonly #begun: Int32Array

  /** @param seconds length of a slow start; 0: a backend returns at once */
  constructor(seconds: number, timeline: Timeline, dispatchers: DispatcherSet) {
    this.#seconds = seconds
    this.#timeline = timeline
    this.#dispatchers = dispatchers
    this.#begun = new Int32Array(dispatchers.backends)
  }

  /** A backend is healthy again. */
  begin(row: number): void {
    if (this.#seconds === 0) {
      this.#dispatchers.setEligible(row, true)
      return
    }
    const number = this.stop(row)
    const since = this.#timeline.now
    let earned = 0
    this.#timeline.every(sliceSeconds, () => {
      if (this.#begun[row] !== number) return false
      const passed = this.#timeline.now - since
      const isOver = passed >= this.#seconds
      earned += slowStartShare(passed, this.#seconds)
      const isOpen = earned >= 1
      if (isOpen) earned--
      // It shifts load to other backends: without any it has no effect.
      this.#dispatchers.setEligible(row, isOver || isOpen || this.#dispatchers.isLast(row))
      return !isOver
    })
  }

  /** A backend is ejected: ends its slow start. Returns the number of its next one. */
  stop(row: number): number {
    const number = (this.#begun[row] as number) + 1
    this.#begun[row] = number
    return number
  }
}
