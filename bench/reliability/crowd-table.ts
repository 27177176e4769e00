import { quantity, rounded } from '../../src/kit/units.ts'
import { median } from '../../src/stats/estimates/quantile.ts'
import { headSeconds } from './beside-crowd.ts'
import { type CrowdResult, ratiosOf } from './crowd-claims.ts'
import { type CrowdSize, crowdKinds, kindsOf } from './crowd-kinds.ts'
import { type ClientWindow, normalConnections } from './normal-clients.ts'
import { number, row } from './table-row.ts'

/** How the runs beside crowds were made. */
export interface CrowdRuns {
  /** Length of the windows. */
  readonly windowSeconds: number
  readonly crowdRate: number
  readonly http2Rate: number
  /** Placement of the processes. */
  readonly placement: string
}

/** The introduction to the sections on crowds. */
export function besideCrowds(runs: CrowdRuns): string {
  return `## Beside a crowd

Normal clients, ${number(runs.crowdRate)} requests per second over ${normalConnections} connections, alone and beside misbehaving clients; in turn,
in windows of ${runs.windowSeconds} s. One worker: ${runs.placement}; the crowd runs beside the driver, so that its CPU cost
is part of p99. Clients in HTTP/2 send ${number(runs.http2Rate)} further requests per second all the time, whose failures are counted. The time limit for
heads is ${headSeconds} s. The columns behind *open files* are the connections of the crowd that were open, the minimum of before and after the window.
*Reopened* are connections that the balancer closed: slow and unfinished heads, and floods. Memory is the maximum that was resident in the window.
`
}

/** The section on one crowd. */
export function crowd(title: string, result: CrowdResult): string {
  const { rounds, after, crowd: size } = result
  const kinds = kindsOf(size)
  const names = kinds.map((kind) => crowdKinds[kind].name)
  const none = [...kinds, 'reopened'].map(() => '–')
  const rows = rounds.flatMap(({ alone, beside }, round) => {
    const open = kinds.map((kind) => beside.open[kind] ?? 0)
    return [
      row(`${round + 1}, alone`, [...windowCells(alone), ...none]),
      row(`${round + 1}, beside`, [...windowCells(beside), ...open, reopenedOf(beside.reopened)]),
    ]
  })
  const ratios = ratiosOf(result)
  const most = Math.max(...rounds.map(({ beside }) => beside.residentBytes))
  const first = rounds[0]?.alone.residentBytes ?? Number.NaN
  const columns = [...windowColumns, ...names, 'reopened']
  return `### ${title}

The crowd: ${kinds.map((kind) => `${number(size[kind] ?? 0)} ${crowdKinds[kind].does}`).join('; ')}.

${row('', columns)}
${row(
  '---',
  columns.map(() => '---:'),
)}
${rows.join('\n')}
${row('after', [...windowCells(after), ...none])}

p99 beside the crowd ÷ alone, by round: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; median ${median(ratios).toFixed(2)}. Memory: ${quantity(first, 'bytes')} before the
first crowd, ${quantity(most, 'bytes')} at most beside one, ${quantity(after.residentBytes, 'bytes')} after the last.
`
}

const windowColumns = [
  'p50, ms',
  'p99, ms',
  '2xx',
  'non-2xx',
  'errors',
  'time-outs',
  'dropped',
  'memory, MiB',
  'open files',
]

function windowCells({ p50, p99, counts, residentBytes, files }: ClientWindow): string[] {
  const { ok, non2xx, errors, timeouts, dropped } = counts
  const ends = [ok, non2xx, errors, timeouts, dropped].map(number)
  return [rounded(p50), rounded(p99), ...ends, (residentBytes / 2 ** 20).toFixed(0), number(files)]
}

function reopenedOf(reopened: CrowdSize): number {
  return kindsOf(reopened).reduce((sum, kind) => sum + (reopened[kind] ?? 0), 0)
}
