import { quantity, rounded } from '../../kit/units.ts'
import type { Fact, InFlight } from '../../plan/documented/facts.ts'
import type { DocumentedLoad } from '../../plan/documented/read-documented.ts'
import type { Remark } from '../../result/reproduction.ts'

/** Requests in flight of rows under one load: as far apart as two rounded figures bring them. */
const oneLoad = 0.15

/** A load with a pause can ask for so much and no more; and keeps as many under way as it has users. */
export function loadFits(
  { name, users, pause }: DocumentedLoad,
  all: readonly Fact[],
  rows: readonly InFlight[],
): Remark[] {
  const most = pause > 0 ? users / pause : Number.POSITIVE_INFINITY
  const beyond = all.filter(
    ({ metric, figure }) => metric === 'throughput' && figure.value - figure.slack > most,
  )
  const wait = pause > 0 ? `, each pausing ${quantity(pause, 's')}` : ''
  if (beyond.length > 0) {
    return [
      {
        kind: 'contradiction',
        check: 'load',
        text: `${name} (${users} users${wait}) asks for ${rounded(most)} req/s at most, users ÷ pause; ${few(beyond)} above that, so it produced none of them.`,
      },
    ]
  }
  return rows.flatMap(({ row, throughput, latency }): Remark[] => {
    const busy = throughput.figure.value * (latency.figure.value + pause)
    if (Math.abs(busy / users - 1) <= oneLoad) return []
    return [
      {
        kind: 'contradiction',
        check: "Little's law",
        text: `${row}: ${throughput.figure.text} at ${latency.figure.text}${pause > 0 ? ' and the pause' : ''} keep ${rounded(busy)} users busy, and ${name} has ${users}.`,
      },
    ]
  })
}

function few(beyond: readonly Fact[]): string {
  const sorted = beyond.toSorted((a, b) => a.figure.value - b.figure.value)
  const [least, most] = [sorted[0] as Fact, sorted.at(-1) as Fact]
  return sorted.length === 1
    ? `one documented figure, ${least.figure.text}, is`
    : `${sorted.length} documented figures, ${least.figure.text} to ${most.figure.text}, are`
}

/** Throughput × mean latency of each row: one load, or several. */
export function inFlightAlike(rows: readonly InFlight[]): Remark[] {
  if (rows.length === 0) return []
  const each = rows
    .map(
      ({ row, throughput, latency, requests }) =>
        `${row} ${throughput.figure.text} × ${latency.figure.text} = ${rounded(requests)}`,
    )
    .join('; ')
  const counts = rows.map(({ requests }) => requests)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  if (most / least - 1 > oneLoad) {
    return [
      {
        kind: 'contradiction',
        check: "Little's law",
        text: `throughput × latency is the number of requests under way, and the rows had not the same load: ${each}.`,
      },
    ]
  }
  const about = [...new Set([least, most].map(Math.round))].join(' to ')
  return [
    {
      kind: 'implication',
      check: "Little's law",
      text: `throughput × latency is the number of requests under way, so each row is one measurement and not two (${each}); a closed loop of ${about} connections has this shape.`,
    },
  ]
}
