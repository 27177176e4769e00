import { UsageError } from '../kit/errors.ts'
import { seeded } from '../kit/random.ts'
import type { LogEntry } from './log-format.ts'
import type { ReadLog } from './read-log.ts'

/** Arrivals of a log in order of time. */
export interface LogArrivals {
  /** Seconds since the first arrival, ascending. */
  readonly times: readonly number[]
  /** Address of the client of each. */
  readonly keys: readonly string[]
}

/**
 * When the requests of a log arrived. Where its times are whole seconds, the requests of a second are spread over it: as many
 * times as there are requests are drawn uniformly, and given to them in ascending order (as the order statistics of a Poisson
 * process in that second). Where the time is that of the end, the time that the request took is subtracted, if the log has it.
 *
 * @throws {UsageError} all requests arrived at one time
 */
export function arrivalsOf({ entries, format }: ReadLog, seed: number): LogArrivals {
  const offsets =
    format.resolutionMs > 1 ? spread(entries, format.resolutionMs, seed) : entries.map(() => 0)
  const at = entries.map(({ atMs, tookMs = 0 }, i) => {
    const writtenMs = atMs + (offsets[i] as number)
    return format.time === 'end' ? writtenMs - tookMs : writtenMs
  })
  const order = entries.map((_, i) => i).sort((a, b) => (at[a] as number) - (at[b] as number))
  const first = at[order[0] as number] as number
  const times = order.map((i) => ((at[i] as number) - first) / 1000)
  if ((times.at(-1) ?? 0) === 0) {
    throw new UsageError(
      'the requests of the log all arrived at one time: there is no rate',
      'give a log of several requests',
    )
  }
  return { times, keys: order.map((i) => (entries[i] as LogEntry).key) }
}

/** Milliseconds to add to each entry: ascending draws for the entries of one time, in the order of the file. */
function spread(entries: readonly LogEntry[], resolutionMs: number, seed: number): number[] {
  const random = seeded(seed)
  const rows = Map.groupBy(entries.keys(), (i) => (entries[i] as LogEntry).atMs)
  const offsets: number[] = entries.map(() => 0)
  for (const group of rows.values()) {
    const draws = group.map(() => random() * resolutionMs).sort((a, b) => a - b)
    group.forEach((row, i) => {
      offsets[row] = draws[i] as number
    })
  }
  return offsets
}

/** The arrivals `speed` times as fast, up to a time in seconds. */
export function replayed(
  { times, keys }: LogArrivals,
  { speed, horizon = Number.POSITIVE_INFINITY }: { speed: number; horizon?: number | undefined },
): LogArrivals {
  const faster = times.map((time) => time / speed)
  const count = faster.findIndex((time) => time > horizon)
  return count === -1
    ? { times: faster, keys }
    : { times: faster.slice(0, count), keys: keys.slice(0, count) }
}
