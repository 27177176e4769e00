import type { Metric } from 'prom-client'

/** The counts of a histogram that workers filled. */
export interface Buckets {
  readonly name: string
  readonly help: string
  readonly bounds: readonly number[]
  /** Values in each bucket; the last one is that above all bounds. */
  readonly buckets: readonly number[]
  readonly sum: number
}

/**
 * A metric for a registry of prom-client. Its own Histogram can only observe single values, so this one
 * implements `get`, which is all that a registry calls.
 */
export function bucketHistogram({ name, help, bounds, buckets, sum }: Buckets): Metric {
  let count = 0
  const values = buckets.map((inBucket, index) => {
    count += inBucket
    return { metricName: `${name}_bucket`, labels: { le: bounds[index] ?? '+Inf' }, value: count }
  })
  const metric = {
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    values: [
      ...values,
      { metricName: `${name}_sum`, labels: {}, value: sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ],
  }
  return { name, get: async () => metric } as unknown as Metric
}
