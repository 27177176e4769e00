import { wrkLines } from './wrk-script.ts'

/** The counts of a run of wrk, and each latency with its count. */
export interface WrkReport {
  readonly seconds: number
  /** Complete responses, whatever their status. */
  readonly responses: number
  /** Of these, with a status of 400 or above. */
  readonly status: number
  /** Of these, later than the time-out: they are in no latency. */
  readonly late: number
  /** Failures, by what failed: connecting, reading or writing. */
  readonly errors: Readonly<Record<'connect' | 'read' | 'write', number>>
  /** Latencies in µs, rising, each with its count. */
  readonly latencies: readonly Latency[]
}

/** A latency in µs, and how many responses had it. */
type Latency = readonly [micros: number, count: number]

/**
 * Parses what the script of a run printed. wrk adds latencies that it did not measure; they are taken out again.
 *
 * @throws {Error} the summary is missing: wrk ended early
 */
export function parseWrk(output: string, connections: number): WrkReport {
  const lines = output.split('\n').map((line) => line.split(' '))
  const summary = lines
    .find(([word]) => word === wrkLines.summary)
    ?.slice(1)
    .map(Number)
  if (summary === undefined) throw new Error('wrk printed no summary')
  const [micros = 0, responses = 0, connect = 0, read = 0, write = 0, status = 0, late = 0] =
    summary
  const latencies = lines
    .filter(([word]) => word === wrkLines.latency)
    .map(([, value, count]): Latency => [Number(value), Number(count)])
  return {
    seconds: micros / 1e6,
    responses,
    status,
    late,
    errors: { connect, read, write },
    latencies: measuredOnly(latencies, { micros, responses, connections }),
  }
}

/**
 * The latencies that were measured. After the run wrk corrects them for coordinated omission: for each latency L of at
 * least twice the mean interval I of a connection's responses it adds one of L − I, L − 2 I, and so on above I. Longer ones
 * add to shorter ones only, so that the additions can be taken out from the longest down.
 *
 * Source: `stats_correct` in src/stats.c, and its call in src/wrk.c, of wrk 4.1.0.
 */
export function measuredOnly(
  latencies: readonly Latency[],
  run: { readonly micros: number; readonly responses: number; readonly connections: number },
): Latency[] {
  const each = Math.floor(run.responses / run.connections)
  const interval = each > 0 ? Math.floor(run.micros / each) : 0
  if (interval === 0) return [...latencies]
  const counts = new Map(latencies)
  for (const [value] of latencies.toReversed()) {
    const count = counts.get(value) ?? 0
    if (value < 2 * interval || count <= 0) continue
    for (let added = value - interval; added > interval; added -= interval) {
      counts.set(added, (counts.get(added) ?? 0) - count)
    }
  }
  return latencies.flatMap(([value]): Latency[] => {
    const count = counts.get(value) ?? 0
    return count > 0 ? [[value, count]] : []
  })
}
