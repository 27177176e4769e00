/** Counts requests by time of arrival, once `begin` was called. */
export interface Arrivals {
  /** Starts to count, in `bins.count` bins of `bins.ms` each, from `fromMs` of `performance.now()` on. */
  begin(fromMs: number, bins: { readonly count: number; readonly ms: number }): void
  /** Counts one request. */
  record(): void
  /** Requests in each bin; empty before `begin`. */
  bins(): readonly number[]
}

/** Counts nothing yet, so that trials without faults do not pay for it. */
export function arrivals(): Arrivals {
  let counts: Uint32Array | undefined
  let startMs = 0
  let binMs = 1
  return {
    begin(fromMs, { count, ms }) {
      startMs = fromMs
      binMs = ms
      counts = new Uint32Array(count)
    },
    record() {
      if (counts === undefined) return
      const bin = Math.floor((performance.now() - startMs) / binMs)
      if (bin >= 0 && bin < counts.length) counts[bin] = (counts[bin] as number) + 1
    },
    bins: () => Array.from(counts ?? []),
  }
}
