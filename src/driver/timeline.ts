import type { Resolution } from '../plan/faults/fault.ts'
import { type Histogram, histogram } from '../stats/histogram/histogram.ts'
import type { Counts, DriverTimeline } from './driver.ts'

/** Records outcomes over the window, each in the bin in which the request ended. */
export interface TimelineRecorder {
  /** Opens the window; requests that ended before, or end after its last bin, are ignored. */
  open(atMs: number): void
  record(outcome: keyof Counts, dueMs: number, endedMs: number): void
  report(): DriverTimeline
}

/** Several bins that share one p99. */
interface Slice {
  readonly responses: Histogram
  failed: number
}

/** A timeline that records nothing until it is opened. Its size depends on the number of bins only. */
export function timelineRecorder({ binSeconds, bins, binsPerP99 }: Resolution): TimelineRecorder {
  const ok = new Uint32Array(bins)
  const failures = new Uint32Array(bins)
  const slices: Slice[] = []
  let openedMs = Number.POSITIVE_INFINITY

  const slice = (i: number): Slice => {
    while (slices.length <= i) slices.push({ responses: histogram(), failed: 0 })
    return slices[i] as Slice
  }

  return {
    open(atMs) {
      openedMs = atMs
    },
    record(outcome, dueMs, endedMs) {
      const bin = Math.floor((endedMs - openedMs) / (binSeconds * 1e3))
      if (!(bin >= 0 && bin < bins)) return
      const counts = outcome === 'ok' ? ok : failures
      counts[bin] = (counts[bin] as number) + 1
      const current = slice(Math.floor(bin / binsPerP99))
      if (outcome === 'ok') {
        current.responses.record((endedMs - dueMs) * 1e3)
      } else current.failed++
    },
    report: () => ({
      ok: Array.from(ok),
      failed: Array.from(failures),
      slices: Array.from({ length: Math.ceil(bins / binsPerP99) }, (_, i) => {
        const { responses, failed } = slice(i)
        return { responses: responses.encode(), failed }
      }),
    }),
  }
}
