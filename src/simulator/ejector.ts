import type { DispatcherSet } from './dispatcher-set.ts'
import type { Ejection } from './options.ts'
import { SlowStarts } from './slow-starts.ts'
import type { Timeline } from './timeline.ts'

/** Ejects backends that fail several times in a row, for a time, as passive health checks do. */
export class Ejector {
  readonly #failures: Int32Array
  readonly #rule: Ejection | undefined
  readonly #dispatchers: DispatcherSet
  readonly #timeline: Timeline
  readonly #slowStarts: SlowStarts

  constructor(rule: Ejection | undefined, timeline: Timeline, dispatchers: DispatcherSet) {
    this.#rule = rule
    this.#failures = new Int32Array(dispatchers.backends)
    this.#dispatchers = dispatchers
    this.#timeline = timeline
    this.#slowStarts = new SlowStarts(rule?.slowStart ?? 0, timeline, dispatchers)
  }

  succeeded(row: number): void {
    if (this.#rule !== undefined) this.#failures[row] = 0
  }

  failed(row: number): void {
    if (this.#rule === undefined) return
    const failures = (this.#failures[row] as number) + 1
    this.#failures[row] = failures
    if (failures !== this.#rule.failures) return
    this.#slowStarts.stop(row)
    this.#dispatchers.setEligible(row, false)
    this.#timeline.at(this.#timeline.now + this.#rule.seconds, () => {
      this.#failures[row] = 0
      this.#slowStarts.begin(row)
    })
  }
}
