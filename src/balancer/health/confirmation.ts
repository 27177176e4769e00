import { eject, mayEject } from './eject.ts'
import type { Health } from './health.ts'
import { readRecordText } from './health-memory.ts'
import type { Prober } from './probe.ts'

/** Milliseconds between two looks for backends to check, and seconds between two checks of one backend. */
const pollIntervalMs = 50
const checkInterval = 1

/** Options of the confirmation. */
export interface ConfirmationOptions {
  readonly health: Health
  readonly prober: Prober
  /** Seconds of the shared clock. */
  readonly now: () => number
}

/**
 * Checks each backend that workers suspect (see passive.ts) with a request of the balancer's own, and ejects it if that
 * fails, too. If it gets a response, the failures lay in the requests: a client may ask for a page that fails, as often
 * as it likes. For one thread.
 */
export function confirmEjections({ health, prober, now }: ConfirmationOptions): AsyncDisposable {
  const { columns, settings } = health
  const checkedAt: number[] = []
  const running = new Set<number>()
  const abort = new AbortController()

  async function check(row: number): Promise<void> {
    const record = readRecordText(columns, row)
    running.add(row)
    checkedAt[row] = now()
    const result = await prober.probe(record, abort.signal)
    running.delete(row)
    // The row may have another backend by now, whose columns were cleared.
    if (abort.signal.aborted || readRecordText(columns, row) !== record) return
    health.change(now(), () => {
      Atomics.store(columns.suspected, row, 0)
      if (result.passed || result.ours || result.unresolved) Atomics.store(columns.failures, row, 0)
      else eject(health, row, now())
    })
  }

  function isDue(row: number): boolean {
    if (Atomics.load(columns.suspected, row) === 0 || running.has(row)) return false
    // A response that came since clears the suspicion.
    const failing = Atomics.load(columns.failures, row) > 0
    if (failing && mayEject(columns, row, settings.maxEjectedShare)) {
      return now() - (checkedAt[row] ?? Number.NEGATIVE_INFINITY) >= checkInterval
    }
    Atomics.store(columns.suspected, row, 0)
    return false
  }

  const timer = setInterval(() => {
    for (let row = 0; row < columns.rows; row++) if (isDue(row)) void check(row)
  }, pollIntervalMs)
  // This timer alone must not keep a process running.
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      abort.abort()
      await prober.close()
    },
  }
}
