import type { Metric } from 'prom-client'

/** A histogram that was counted elsewhere. */
export interface Buckets {
  readonly name: string
  readonly help: string
  readonly bounds: readonly number[]
  /** How many in each bucket, the one without a bound last. */
  readonly buckets: readonly number[]
  readonly sum: number
}

/**
 * A metric for a registry of prom-client, whose own histogram can only observe values one by one. A registry
 * asks its metrics for nothing but what `get` returns here.
 */
export function bucketHistogram({ name, help, bounds, buckets, sum }: Buckets): Metric {
  let count = 0
  const values = buckets.map((more, index) => {
    count += more
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
