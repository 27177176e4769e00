/** Counts over a window with injected faults, in bins of equal length. */
export interface FaultTimeline {
  readonly binSeconds: number
  /** Requests that failed in each bin. */
  readonly failed: readonly number[]
  /** Requests that each backend received in each bin. */
  readonly received: readonly (readonly number[])[]
  /** Seconds at p99 of each `binsPerP99` bins; null: slower than any response. */
  readonly p99: readonly (number | null)[]
  readonly binsPerP99: number
}

/** One injected fault, in seconds since the window opened. */
export interface Episode {
  readonly from: number
  /** End of the fault; undefined: it did not end. */
  readonly until: number | undefined
  /** Index of the backend, from 0. */
  readonly backend: number
  /** Whether the backend received nothing meanwhile, so that its detection shows only in the failures of clients. */
  readonly dead: boolean
  /** Begin of the next fault of any backend; the end of the window where there is none. */
  readonly next: number
  /** Begin of the next fault of the same backend; the end of the window where there is none. */
  readonly again: number
  /** Begin of the first fault. */
  readonly first: number
}

/** The response of a target to a fault. Times in seconds; infinite: not within the window. */
export interface FaultResponse {
  readonly failed: number
  readonly detect: number | undefined
  readonly recover: number | undefined
  readonly shareBefore: number | undefined
  readonly shareDuring: number | undefined
  readonly maxP99: number
}

/** Seconds for which a state must last to count as reached. */
const lasting = 1
/** Fractions of the usual share: below the first a backend is unused; it is used again from the second on, over a second, and the third in the first bin. */
const [unused, used, usedAtOnce] = [0.1, 0.8, 0.5]

/**
 * The response of a target to one fault; both times are exact to one bin.
 *
 * Detected: from the fault to the first moment from which on, for a whole second of it, the backend got less
 * than a tenth of its usual share. Where it is dead there is nobody to count that: then, from which on no
 * client saw a failure for a second. Recovered: from its end to the first moment from which on, for a whole second, the backend got four
 * fifths of its usual share, and half of it in the first bin. The usual share is that before the first fault.
 */
export function faultResponse(course: FaultTimeline, episode: Episode): FaultResponse {
  const { failed, p99, binsPerP99, binSeconds } = course
  const { from, until, backend, dead, next, again, first } = episode
  const end = Math.min(until ?? next, next)
  const of = shareOf(course, backend)
  const usual = of(0, binAt(first, course))
  const known = usual !== undefined && usual > 0
  const quiet = (bin: number, bins: number): boolean =>
    dead ? sum(failed, bin, bin + bins) === 0 : known && (of(bin, bin + bins) ?? 0) < unused * usual
  const back = (bin: number, bins: number): boolean =>
    known &&
    (of(bin, bin + 1) ?? 0) >= usedAtOnce * usual &&
    (of(bin, bin + bins) ?? 0) >= used * usual
  const slice = Math.floor(binAt(from, course) / binsPerP99)
  // One that reaches into the next fault is not this one's.
  const slices = p99.slice(slice, Math.max(slice + 1, Math.floor(binAt(next, course) / binsPerP99)))
  return {
    failed: sum(failed, binAt(from, course), binAt(next, course)),
    detect:
      dead || known ? firstSecond(quiet, { from, to: dead ? next : end, binSeconds }) : undefined,
    recover:
      until === undefined || !known
        ? undefined
        : firstSecond(back, { from: until, to: again, binSeconds }),
    shareBefore: usual,
    shareDuring: until === from ? undefined : of(binAt(from, course), binAt(end, course)),
    maxP99: Math.max(0, ...slices.map((value) => value ?? Number.POSITIVE_INFINITY)),
  }
}

/** Seconds from `from` to the first second before `to` for which the condition holds; infinite where there is none. */
function firstSecond(
  holds: (bin: number, bins: number) => boolean,
  {
    from,
    to,
    binSeconds,
  }: { readonly from: number; readonly to: number; readonly binSeconds: number },
): number {
  const bins = Math.max(1, Math.round(lasting / binSeconds))
  const last = Math.floor(to / binSeconds + rounding) - bins
  for (let bin = Math.floor(from / binSeconds + rounding); bin <= last; bin++) {
    if (holds(bin, bins)) return Math.max(0, bin * binSeconds - from)
  }
  return Number.POSITIVE_INFINITY
}

/** A backend's share of the requests received in a range of bins; undefined without requests. */
function shareOf({ received }: FaultTimeline, backend: number) {
  return (from: number, to: number): number | undefined => {
    const all = received.reduce((total, counts) => total + sum(counts, from, to), 0)
    return all === 0 ? undefined : sum(received[backend] ?? [], from, to) / all
  }
}

/** Tolerance, so that 0.3 / 0.1 is 3. */
const rounding = 1e-6

function binAt(seconds: number, { binSeconds }: FaultTimeline): number {
  return Math.floor(seconds / binSeconds + rounding)
}

function sum(counts: readonly number[], from: number, to: number): number {
  return counts.slice(from, to).reduce((total, count) => total + count, 0)
}
