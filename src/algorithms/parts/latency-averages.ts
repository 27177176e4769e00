import type { SharedCells } from '../algorithm.ts'
import { acquire, release } from './sequence-lock.ts'

/** Options of the averages. */
interface AveragingOptions {
  /** Time constant, in seconds, with which an average decays towards 0 without responses. */
  readonly decay: number
  /** Minimum weight of a new sample, however soon it follows the last one. */
  readonly minWeight: number
  /** Whether a sample above the average replaces the average. */
  readonly peak: boolean
  /** Whether no other picker uses the cells, so that they need no locks (default: no). */
  readonly isAlone?: boolean
}

/**
 * A moving average of the latency of each backend; all workers read and write the same.
 *
 * Plain data and module functions, not closures as elsewhere: V8 does not inline the closures of a second
 * picker, and each latency that they return would then be allocated on the heap.
 */
export interface LatencyAverages extends AveragingOptions {
  /** A lock per row. */
  readonly locks: Int32Array
  /** For each row its average in seconds, 0 before the first response, and the time of its last response. */
  readonly cells: Float64Array
}

/** Minimum sample, in seconds: 0 means that there was no response. */
const minSample = 1e-6

/** Attempts to read an average consistently before it is read in spite of a write in progress. */
const maxReads = 100

/** Number of shared cells for the averages of `rows` rows. */
export function averageCells(rows: number): { readonly ints: number; readonly floats: number } {
  return { ints: rows, floats: 2 * rows }
}

/**
 * Averages in `shared`: exponential moving averages of unevenly spaced series. After Δt the old average has the
 * weight exp(−Δt/decay), and the sample the rest.
 */
export function latencyAverages(shared: SharedCells, options: AveragingOptions): LatencyAverages {
  const { decay, minWeight, peak, isAlone = false } = options
  return { decay, minWeight, peak, isAlone, locks: shared.ints, cells: shared.floats }
}

/** Covers the rounding of a few operations. */
const rounding = 1e-12

/**
 * The average of `row` in seconds, decayed for the time since its last response; 0 before the first response.
 * Reading changes nothing (as in linkerd; Finagle adds a sample of 0 at each read).
 *
 * Where the cells are not shared it may be infinity instead of a value that is not below `limit`: in a search for the lowest one most
 * rows then take no exponential.
 */
export function latencyOf(
  averages: LatencyAverages,
  row: number,
  now: number,
  limit = Number.POSITIVE_INFINITY,
): number {
  return averages.isAlone
    ? ownLatency(averages, row, now, limit)
    : sharedLatency(averages, row, now)
}

function ownLatency(averages: LatencyAverages, row: number, now: number, limit: number): number {
  const { cells, decay } = averages
  const average = cells[2 * row] as number
  const since = now - (cells[2 * row + 1] as number)
  // e^−x ≥ 1 − x.
  const lowest = average * (1 - Math.max(0, since) / decay) * (1 - rounding)
  return lowest < limit ? average * remaining(averages, since) : Number.POSITIVE_INFINITY
}

function sharedLatency(averages: LatencyAverages, row: number, now: number): number {
  const { locks, cells } = averages
  for (let read = 1; ; read++) {
    const before = Atomics.load(locks, row)
    const average = cells[2 * row] as number
    const at = cells[2 * row + 1] as number
    // The lock is odd during a write and has another number after it: average and time may then not match.
    const consistent = (before & 1) === 0 && Atomics.load(locks, row) === before
    if (consistent || read === maxReads) return average * remaining(averages, now - at)
  }
}

/** Adds the latency of a response from `row` to its average. */
export function recordSample(
  averages: LatencyAverages,
  row: number,
  { seconds, now }: { readonly seconds: number; readonly now: number },
): void {
  const { locks, cells, minWeight, peak, isAlone } = averages
  const sample = Math.max(seconds, minSample)
  const ticket = isAlone ? 0 : acquire(locks, row)
  const average = cells[2 * row] as number
  const at = cells[2 * row + 1] as number
  if (average === 0 || (peak && sample > average)) cells[2 * row] = sample
  else {
    const old = (1 - minWeight) * remaining(averages, now - at)
    cells[2 * row] = average * old + sample * (1 - old)
  }
  // Responses of different workers may arrive out of order: the latest time counts.
  cells[2 * row + 1] = average === 0 ? now : Math.max(at, now)
  if (!isAlone) release(locks, row, ticket)
}

/** The fraction of an average that remains after `since` seconds. */
function remaining({ decay }: LatencyAverages, since: number): number {
  return Math.exp(-Math.max(0, since) / decay)
}
