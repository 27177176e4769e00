import type { DispatcherSet } from './dispatcher-set.ts'
import type { Ejection } from './options.ts'

/** What happens after a time. */
type Later = (seconds: number, action: () => void) => void

/** Ejects backends that fail several times in a row, for a time, as passive health checks do. */
export class Ejector {
  readonly #failures: Int32Array
  readonly #rule: Ejection | undefined
  readonly #dispatchers: DispatcherSet
  readonly #later: Later

  constructor(
    rule: Ejection | undefined,
    backends: number,
    { dispatchers, later }: { readonly dispatchers: DispatcherSet; readonly later: Later },
  ) {
    this.#rule = rule
    this.#failures = new Int32Array(backends)
    this.#dispatchers = dispatchers
    this.#later = later
  }

  succeeded(row: number): void {
    this.#failures[row] = 0
  }

  failed(row: number): void {
    if (this.#rule === undefined) return
    const failures = (this.#failures[row] as number) + 1
    this.#failures[row] = failures
    if (failures !== this.#rule.failures) return
    this.#dispatchers.setEligible(row, false)
    this.#later(this.#rule.seconds, () => {
      this.#failures[row] = 0
      this.#dispatchers.setEligible(row, true)
    })
  }
}
