/** Counts requests by when they arrive, once it is told to. */
export interface Arrivals {
  /** Counts in `bins` bins of so many ms each from `fromMs` of `performance.now()` on. */
  begin(fromMs: number, bins: { readonly count: number; readonly ms: number }): void
  /** One arrives. */
  note(): void
  /** Requests in each bin; none before `begin`. */
  bins(): readonly number[]
}

/** Nothing is counted yet: who does not ask for it pays nothing for it. */
export function arrivals(): Arrivals {
  let counts: Uint32Array | undefined
  let [openedMs, binMs] = [0, 1]
  return {
    begin(fromMs, { count, ms }) {
      ;[openedMs, binMs] = [fromMs, ms]
      counts = new Uint32Array(count)
    },
    note() {
      if (counts === undefined) return
      const bin = Math.floor((performance.now() - openedMs) / binMs)
      if (bin >= 0 && bin < counts.length) counts[bin] = (counts[bin] as number) + 1
    },
    bins: () => Array.from(counts ?? []),
  }
}
