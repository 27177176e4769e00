/** What was counted over a window in which faults befell backends, in bins of the same length. */
export interface FaultTimeline {
  readonly binSeconds: number
  /** Requests that failed in each bin. */
  readonly failed: readonly number[]
  /** Requests that each backend received in each bin. */
  readonly received: readonly (readonly number[])[]
  /** Seconds at p99 of each `binsPerP99` bins; null: slower than any answer. */
  readonly p99: readonly (number | null)[]
  readonly binsPerP99: number
}

/** One fault, in seconds since the window opened. */
export interface Episode {
  readonly from: number
  /** Undefined: it did not end. */
  readonly until: number | undefined
  /** From 0. */
  readonly backend: number
  /** Whether the backend received nothing while it lasted: then only clients can tell what became of it. */
  readonly dead: boolean
  /** When the next fault came, to whichever backend; the end of the window where none did. */
  readonly next: number
  /** When the next one came to the same backend; the end of the window where none did. */
  readonly again: number
  /** When the first of all came. */
  readonly first: number
}

/** What a fault came to. Times in seconds, infinite: never within the time that there was. */
export interface FaultResponse {
  readonly failed: number
  readonly detect: number | undefined
  readonly recover: number | undefined
  readonly shareBefore: number | undefined
  readonly shareDuring: number | undefined
  readonly maxP99: number
}

/** Seconds that a state must last to count as reached. */
const lasting = 1
/** Of its usual share: less than this is no longer used; this much, over a second and in its first bin, is used again. */
const [unused, used, usedAtOnce] = [0.1, 0.8, 0.5]

/**
 * How a target and its clients came through one fault; each of the two times is exact to a bin.
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

/** Seconds from `from` to the first of the whole seconds before `to` that is so; infinite where none is. */
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

/** A backend's share of all requests that were received from one bin to before another; undefined where none was. */
function shareOf({ received }: FaultTimeline, backend: number) {
  return (from: number, to: number): number | undefined => {
    const all = received.reduce((total, counts) => total + sum(counts, from, to), 0)
    return all === 0 ? undefined : sum(received[backend] ?? [], from, to) / all
  }
}

/** So that 0.3 / 0.1 is 3. */
const rounding = 1e-6

function binAt(seconds: number, { binSeconds }: FaultTimeline): number {
  return Math.floor(seconds / binSeconds + rounding)
}

function sum(counts: readonly number[], from: number, to: number): number {
  return counts.slice(from, to).reduce((total, count) => total + count, 0)
}
