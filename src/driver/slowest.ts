import type { SlowRequest } from './slow-report.ts'

/** Requests that are kept: those above p99.9 of 128,000. */
const defaultKept = 128

/** The times of one request, in ms of `performance.now()`. */
export interface RequestTimes {
  /** When its time begins: see `TimedRequest`. */
  readonly dueMs: number
  /** When the driver got to it; when it was sent; and when the connection that was opened for it was established. */
  readonly arrivedMs?: number
  readonly sentMs?: number
  readonly connectedMs?: number
}

/** Keeps the requests of a load that took longest. */
export interface Slowest {
  add(request: RequestTimes, endedMs: number): void
  /** Those that are kept. Times are milliseconds of `performance.now()`. */
  report(): SlowRequest[]
}

/**
 * Keeps the `kept` slowest requests. Of a request that is not among them only its time is compared; memory is allocated once.
 */
export function slowest(kept = defaultKept): Slowest {
  const due = new Float64Array(kept)
  const arrived = new Float64Array(kept)
  const sent = new Float64Array(kept)
  const connected = new Float64Array(kept)
  const ended = new Float64Array(kept)
  let count = 0
  /** The quickest of those that are kept, and its time: once all places are taken, the next to give way. */
  let quickest = 0
  let quickestMs = Number.NEGATIVE_INFINITY

  const findQuickest = (): void => {
    quickestMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < kept; i++) {
      const ms = (ended[i] as number) - (due[i] as number)
      if (ms >= quickestMs) continue
      quickest = i
      quickestMs = ms
    }
  }
  return {
    add(request, endedMs) {
      const { dueMs } = request
      if (endedMs - dueMs <= quickestMs) return
      const at = count < kept ? count++ : quickest
      due[at] = dueMs
      arrived[at] = request.arrivedMs ?? dueMs
      sent[at] = request.sentMs ?? dueMs
      connected[at] = request.connectedMs ?? 0
      ended[at] = endedMs
      if (count === kept) findQuickest()
    },
    report() {
      return Array.from({ length: count }, (_, i) => ({
        dueMs: due[i] as number,
        arrivedMs: arrived[i] as number,
        sentMs: sent[i] as number,
        // One that was there before, the request did not wait for.
        connectedMs: Math.max(sent[i] as number, connected[i] as number),
        endedMs: ended[i] as number,
      }))
    },
  }
}
