import type { LimitUnit } from './limit.ts'

/** A kind of custom metric, as in k6. */
export type CustomKind = 'trend' | 'counter' | 'rate' | 'gauge'

/**
 * The quantity that a threshold of a load test limits. `percentile`: a time, with `percent` above 0 and below 100; failed
 * requests count as slower than every response. `errors`: fraction of the requests that failed; `checks`: fraction of the
 * checks that passed; `rate`: visits started per second, of a step requests per second; `requests`: their number. `value`: the
 * last value of a gauge; `sum`: that of a counter; `pace`: the same per second; `passed`: fraction of a rate that was true.
 */
export type LoadQuantity =
  | { readonly kind: 'percentile'; readonly percent: number }
  | { readonly kind: 'mean' | 'min' | 'max' | 'errors' | 'checks' | 'rate' | 'requests' }
  | { readonly kind: 'value' | 'sum' | 'pace' | 'passed' }

/** A metric of `lb load` in thresholds. */
export interface LoadMetric {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly quantity: LoadQuantity
  readonly unit: LimitUnit
  /** The side that a threshold demands; undefined where either makes sense. */
  readonly better?: 'more' | 'less'
  readonly meaning: string
}

/** Every metric of `lb load` except percentiles, which are `p` and a number. */
export const loadMetrics: readonly LoadMetric[] = [
  {
    ...{ name: 'errors', aliases: ['failed'], quantity: { kind: 'errors' } },
    ...{ unit: 'fraction', better: 'less' },
    meaning: 'fraction of the requests that failed or were never sent',
  },
  {
    ...{ name: 'checks', quantity: { kind: 'checks' }, unit: 'fraction', better: 'more' },
    meaning: 'fraction of the checks that passed',
  },
  {
    ...{ name: 'rate', quantity: { kind: 'rate' }, unit: 'req/s' },
    meaning: 'visits started per second; of a step, requests per second',
  },
  {
    ...{ name: 'requests', aliases: ['count'], quantity: { kind: 'requests' }, unit: 'count' },
    meaning: 'number of requests that are over',
  },
  {
    ...{ name: 'mean', aliases: ['avg'], quantity: { kind: 'mean' }, unit: 's', better: 'less' },
    meaning: 'mean response time',
  },
  {
    ...{ name: 'min', quantity: { kind: 'min' }, unit: 's', better: 'less' },
    meaning: 'time of the fastest response',
  },
  {
    ...{ name: 'max', quantity: { kind: 'max' }, unit: 's', better: 'less' },
    meaning: 'time of the slowest request; a failed one is slower than every limit',
  },
]

/**
 * The percentile (above 0, below 100) of `p99`, `p99.9`, `p999`, `median` or, as in k6, `p(99)`; undefined where `typed`
 * is none.
 */
export function percentileNamed(typed: string): number | undefined {
  if (typed === 'median' || typed === 'med') return 50
  const [, bare, inBrackets] = /^p(?:(\d+(?:\.\d+)?)|\((\d+(?:\.\d+)?)\))$/.exec(typed) ?? []
  const digits = bare ?? inBrackets
  if (digits === undefined) return undefined
  const percent = Number(/^9{3,5}$/.test(digits) ? `99.${digits.slice(2)}` : digits)
  return percent > 0 && percent < 100 ? percent : undefined
}
