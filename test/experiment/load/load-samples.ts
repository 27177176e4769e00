import type { LoadSample, SampleCounts } from '../../../src/result/load-sample.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'

/** What happened in one interval: times of responses in ms, and what failed. */
export interface Happened {
  readonly times?: readonly number[]
  readonly failed?: number
  readonly checks?: { readonly passed: number; readonly failed: number }
}

/** The counts of an interval. */
export function counts({ times = [], failed = 0, checks }: Happened): SampleCounts {
  return {
    ok: times.length,
    failed: failed === 0 ? {} : { 'status 500': failed },
    checks: checks ?? { passed: 0, failed: 0 },
    latency: encoded(times),
  }
}

/** Encoded histograms by their times: building one takes longer than judging it. */
const known = new Map<string, string>([['', '']])

function encoded(times: readonly number[]): string {
  const key = times.join(' ')
  const found = known.get(key)
  if (found !== undefined) return found
  const all = histogram()
  for (const time of times) all.record(time * 1e3)
  known.set(key, all.encode())
  return known.get(key) as string
}

/** A sample of one interval of 100 ms, in which as many visits began as requests ended. */
export function sample(
  atMs: number,
  happened: Happened,
  more: Partial<LoadSample> = {},
): LoadSample {
  const { times = [], failed = 0 } = happened
  const sent = times.length + failed
  return { atMs, stage: 0, planned: sent, sent, ...counts(happened), steps: {}, ...more }
}
