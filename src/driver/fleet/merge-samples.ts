import { addCount, ownValue } from '../../kit/own-value.ts'
import type { LoadSample, SampleCounts } from '../../result/load-sample.ts'
import { merge } from '../../stats/histogram/histogram.ts'

/** Samples of several drivers of about the same interval, merged to one for each stage. Those of one driver stay as they are. */
export function mergeSamples(samples: readonly LoadSample[]): LoadSample[] {
  return [...Map.groupBy(samples, ({ stage }) => stage).values()].map(mergedStage)
}

function mergedStage(samples: readonly LoadSample[]): LoadSample {
  const [first] = samples
  if (samples.length === 1) return first as LoadSample
  const names = new Set(samples.flatMap(({ steps }) => Object.keys(steps)))
  return {
    atMs: Math.max(...samples.map(({ atMs }) => atMs)),
    stage: (first as LoadSample).stage,
    planned: sum(samples.map(({ planned }) => planned)),
    sent: sum(samples.map(({ sent }) => sent)),
    ...mergedCounts(samples),
    steps: Object.fromEntries(
      [...names].map((name) => [
        name,
        mergedCounts(samples.flatMap(({ steps }) => ownValue(steps, name) ?? [])),
      ]),
    ),
  }
}

function mergedCounts(all: readonly SampleCounts[]): SampleCounts {
  return {
    ok: sum(all.map(({ ok }) => ok)),
    failed: sumOfKinds(all.map(({ failed }) => failed)),
    checks: {
      passed: sum(all.map(({ checks }) => checks.passed)),
      failed: sum(all.map(({ checks }) => checks.failed)),
    },
    latency: mergedHistogram(all.map(({ latency }) => latency)),
  }
}

/** One of several encoded histograms; empty texts stand for empty ones. */
export function mergedHistogram(encoded: readonly string[]): string {
  const [first = '', ...others] = encoded.filter((one) => one !== '')
  return others.length === 0 ? first : merge([first, ...others]).encode()
}

/** Counts by kind, added up. */
export function sumOfKinds(
  all: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const one of all) {
    for (const [kind, times] of Object.entries(one)) addCount(sums, kind, times)
  }
  return sums
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
