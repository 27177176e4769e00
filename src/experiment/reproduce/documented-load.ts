import type { Fact, InFlight } from '../../plan/documented/facts.ts'
import type { DocumentedLoad } from '../../plan/documented/read-documented.ts'
import type { ImpliedInFlight, Remark } from '../../result/remark.ts'

/** Relative difference of the requests in flight of rows under one load: the rounding of two figures. */
const sameLoad = 0.15

/** A load with a pause has a maximum rate, and keeps as many requests in flight as it has users. */
export function checkLoad(
  load: DocumentedLoad,
  all: readonly Fact[],
  rows: readonly InFlight[],
): Remark[] {
  const { users, pause } = load
  const maxRate = pause > 0 ? users / pause : Number.POSITIVE_INFINITY
  const beyond = all
    .filter(
      ({ metric, figure }) => metric === 'throughput' && figure.value - figure.slack > maxRate,
    )
    .toSorted((a, b) => a.figure.value - b.figure.value)
  const [lowest, highest] = [beyond[0], beyond.at(-1)]
  if (lowest !== undefined && highest !== undefined) {
    return [
      {
        kind: 'contradiction',
        code: 'load-too-small',
        values: {
          load,
          maxRate,
          figures: beyond.length,
          lowest: lowest.figure.text,
          highest: highest.figure.text,
        },
      },
    ]
  }
  return rows.flatMap(({ row, throughput, latency }): Remark[] => {
    const busy = throughput.figure.value * (latency.figure.value + pause)
    if (Math.abs(busy / users - 1) <= sameLoad) return []
    const texts = { throughput: throughput.figure.text, latency: latency.figure.text }
    return [
      { kind: 'contradiction', code: 'users-not-busy', values: { load, row, ...texts, busy } },
    ]
  })
}

/** Little's law: throughput × mean latency is the number of requests in flight; whether all rows had one load. */
export function checkInFlight(rows: readonly InFlight[]): Remark[] {
  if (rows.length === 0) return []
  const implied = rows.map(
    ({ row, throughput, latency, requests }): ImpliedInFlight => ({
      row,
      throughput: throughput.figure.text,
      latency: latency.figure.text,
      requests,
    }),
  )
  const counts = rows.map(({ requests }) => requests)
  const [min, max] = [Math.min(...counts), Math.max(...counts)]
  if (max / min - 1 > sameLoad) {
    return [{ kind: 'contradiction', code: 'different-loads', values: { rows: implied } }]
  }
  const connections = { minConnections: Math.round(min), maxConnections: Math.round(max) }
  return [{ kind: 'implication', code: 'closed-loop', values: { rows: implied, ...connections } }]
}
