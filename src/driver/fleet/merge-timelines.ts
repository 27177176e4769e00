import { percentileWithFailures } from '../../stats/estimates/percentiles.ts'
import { merge } from '../../stats/histogram/histogram.ts'
import type { DriverTimeline, TimelineSlice } from '../driver.ts'
import { sumsByIndex } from './sums-by-index.ts'

/** Outcomes of the requests of all drivers over the window, each in the bin in which the request ended. */
export interface OutcomeTimeline extends Pick<DriverTimeline, 'ok' | 'failed'> {
  /**
   * p99 of each slice of several bins, in seconds; requests without a 2xx response count as slower than any. Null where
   * the p99 is one of those, or where no request ended.
   */
  readonly p99: readonly (number | null)[]
}

/** Merges the timelines of drivers whose bins are equal. Each p99 is that of the merged histograms. */
export function mergeTimelines(timelines: readonly DriverTimeline[]): OutcomeTimeline {
  const slices = timelines[0]?.slices ?? []
  return {
    ok: sumsByIndex(timelines.map(({ ok }) => ok)),
    failed: sumsByIndex(timelines.map(({ failed }) => failed)),
    p99: slices.map((_, i) => p99Of(timelines.flatMap((one) => one.slices[i] ?? []))),
  }
}

function p99Of(slices: readonly TimelineSlice[]): number | null {
  const responses = merge(slices.map((one) => one.responses))
  const failed = slices.reduce((sum, one) => sum + one.failed, 0)
  const micros = percentileWithFailures(responses, 99, failed)
  return responses.count > 0 && Number.isFinite(micros) ? micros / 1e6 : null
}
