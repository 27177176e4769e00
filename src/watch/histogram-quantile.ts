/** Values in a cumulative bucket: all that are not above `le`. */
interface Bucket {
  readonly le: number
  readonly count: number
}

/**
 * The quantile of values that were counted in cumulative buckets, as `histogram_quantile` of Prometheus computes it: linear
 * within its bucket, the highest bound where it lies above all bounds. Null where nothing was counted, or where the bucket
 * of all values (`+Inf`) is missing.
 *
 * @param q from 0 to 1
 */
export function histogramQuantile(q: number, buckets: readonly Bucket[]): number | null {
  const sorted = increasing(buckets.toSorted((a, b) => a.le - b.le))
  const total = sorted.at(-1)
  if (total === undefined || total.le !== Number.POSITIVE_INFINITY || !(total.count > 0))
    return null
  const rank = q * total.count
  const index = sorted.findIndex(({ count }) => count >= rank)
  const found = sorted[index] ?? total
  const before = sorted[index - 1]
  if (found.le === Number.POSITIVE_INFINITY) return before?.le ?? null
  if (before === undefined && found.le <= 0) return found.le
  const { le: from, count: below } = before ?? { le: 0, count: 0 }
  const inside = found.count - below
  return inside > 0 ? from + (found.le - from) * ((rank - below) / inside) : found.le
}

/** Workers are read one after the other, so that a bucket may lack a value that a smaller one has already. */
function increasing(buckets: readonly Bucket[]): Bucket[] {
  let highest = 0
  return buckets.map(({ le, count }) => {
    highest = Math.max(highest, count)
    return { le, count: highest }
  })
}
