import { answerParent } from '../kit/child.ts'

/**
 * How long a process that wants to run every millisecond had to wait beyond it: what the machine itself
 * adds to every latency, on the CPUs that this process is kept to. After jHiccup by Gil Tene.
 */
export interface Hiccups {
  /** Sleeps of 1 ms in the window. */
  readonly count: number
  /** Seconds beyond the millisecond. */
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

const sleepMs = 1
const never = new Int32Array(new SharedArrayBuffer(4))
let late: number[] | undefined
let woke = 0
let going = false

/**
 * One sleep, then a turn for what the parent asks; both count, so that no stop falls in between. A timer
 * of Node would be as coarse as what is measured.
 */
function sleep(): void {
  Atomics.wait(never, 0, 0, sleepMs)
  const now = performance.now()
  late?.push(Math.max(0, now - woke - sleepMs) / 1000)
  woke = now
  if (going) setImmediate(sleep)
}

function report(): Hiccups {
  const sorted = Float64Array.from(late ?? []).sort()
  // The nearest rank: the smallest value that this share of all does not exceed.
  const quantile = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return {
    count: sorted.length,
    p50: quantile(0.5),
    p99: quantile(0.99),
    p999: quantile(0.999),
    max: sorted.at(-1) ?? 0,
  }
}

/** Asked `open` and `close` at the window's edges, it answers the latter with its Hiccups. */
answerParent({
  start(): void {
    going = true
    woke = performance.now()
    setImmediate(sleep)
  },
  open(): void {
    late = []
  },
  close: report,
  stop(): void {
    going = false
  },
})
