import { quantity, rounded } from '../../src/kit/units.ts'
import { median } from '../../src/stats/estimates/quantile.ts'
import {
  backendClaims,
  type Claim,
  type CrowdToll,
  crowdClaims,
  drainClaims,
  ratiosOf,
  workerClaims,
} from './claims.ts'
import { headSeconds } from './crowded.ts'
import type { DrainToll } from './draining.ts'
import { type BackendToll, retryShare } from './dying-backends.ts'
import type { WorkerToll } from './dying-workers.ts'
import { type Look, normalConnections } from './normal-clients.ts'

/** What was measured, and how. */
export interface Runs {
  /** Of what machine, and which Node. */
  readonly host: string
  readonly date: string
  /** Requests a second. */
  readonly rate: number
  readonly seconds: number
  readonly everySeconds: number
  readonly dying: BackendToll
  readonly changing: BackendToll
  readonly workers: WorkerToll
  readonly drains: DrainToll
  readonly crowd: CrowdToll
  /** Of the crowd's windows. */
  readonly windowSeconds: number
  readonly crowdRate: number
  /** Where everything ran beside the crowd. */
  readonly placement: string
}

const number = (value: number): string => value.toLocaleString('en')

function row(what: string, cells: readonly (number | string)[]): string {
  const words = cells.map((cell) => (typeof cell === 'number' ? number(cell) : cell))
  return `| ${[what, ...words].join(' | ')} |`
}

function ways(whys: Readonly<Record<string, number>>): string {
  const all = Object.entries(whys).map(([why, count]) => `${why} × ${count}`)
  return all.join(', ') || '–'
}

/** docs/measurements/reliability.md, as markdown. */
export function document(runs: Runs): string {
  return [heading(runs), backends(runs), workers(runs), drains(runs), crowd(runs)].join('\n')
}

/** Everything that must hold, in the order of the runs. */
function claimsOf({ dying, changing, workers, drains, crowd }: Runs): Claim[] {
  return [
    ...backendClaims('backends are killed', dying),
    ...backendClaims('the same while members change', changing),
    ...workerClaims(workers),
    ...drainClaims(drains),
    ...crowdClaims(crowd),
  ]
}

function heading(runs: Runs): string {
  const claims = claimsOf(runs).map(({ claim, measured, held }) =>
    row(claim, [measured, held ? 'held' : '**not held**']),
  )
  return `# What clients lose

Made by \`npm run bench:reliability\` on ${runs.date}, on ${runs.host}: the
compiled balancer. While backends and workers are killed and balancers drain it has two workers; load, backends and balancer share
the CPUs. The load is ${number(runs.rate)} requests a second, whether or not answers come, four GETs to each POST, each with a number
of its own; backends take 20 ms.

A client repeats a GET once, on a fresh connection, when a connection that had carried others was closed before any octet of
the answer came. RFC 9110, section 9.2.2, lets it; browsers and Go's client do. What failed before that is told beside
it: *GETs failed*. A POST is never sent twice.

| what must hold | measured | |
| --- | --- | --- |
${claims.join('\n')}
`
}

function backends({ everySeconds, seconds, dying, changing }: Runs): string {
  const line = (what: string, toll: BackendToll) => {
    const { sent, kills, changes, retried, gets, posts, reached, unwritten, whys } = toll
    const { read, given, neither } = reached
    const ends = [posts.length, read, given, neither - unwritten, unwritten]
    return row(what, [sent, kills, changes, retried, gets, ...ends, ways(whys)])
  }
  return `## While backends are killed

One of three backends gets SIGKILL every ${everySeconds} s, and is started on the same port ${everySeconds / 2} s later, for ${seconds} s. The
retry budget is ${retryShare} of the requests in flight, and the default 32 where that is less: each kill takes a third of them, or more where weights
changed, and a budget of a fifth, the default, is for five backends and more. A POST that had
reached a backend when that died is lost, since nobody may send it twice: RFC 9110, section 9.2.2. *Read* are those that are in a
backend's record: it writes down each request when it has read its head, in a file that outlives it. *In its kernel* are those
that are not, and that the balancer wrote to a connection that stood then: the octets had arrived, and a proxy cannot tell whether
they were read. It is looked at before each write of a POST whether anything has come that ends its connection; those
written in spite of that, and to no other, are *on a closed one*. *Retried* is high, since no more than half of the backends may be
ejected, and each for 10 s: the next one that dies stays in, and what it refuses goes to another.

| | requests | kills | changes | retried | GETs failed | POSTs lost | read | in its kernel | on a closed one | never written | how |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${line('backends are killed', dying)}
${line('the same, while weights change, and backends are drained, join and leave', changing)}
`
}

function workers({ everySeconds, workers: toll }: Runs): string {
  const { sent, kills, underWay, gets, repeated, getsLost, fresh, posts, reached, whys } = toll
  const { read, given, neither } = reached
  const cells = [underWay, gets, repeated, getsLost, fresh, posts.length, read, given, neither]
  return `## While workers are killed

A worker is ended every ${everySeconds} s as a crash would end it. Its connections are closed, with what was under way on them, and
another takes its place. *Under way* is what it had in flight, as the balancer counted; what reached its connections before their
clients knew is lost, too. *Opened since* are failures on connections that did not stand when the worker was killed, or that
ended otherwise than with it. POSTs that were lost are *read* where a backend has them in its record, *with the worker* where none has, and
their connection died with its worker.

| requests | kills | under way | GETs failed | repeated | of GETs lost | opened since | POSTs lost | read | with the worker | neither | how |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${row(number(sent), [kills, ...cells, ways(whys)])}
`
}

function drains({ everySeconds, drains: toll }: Runs): string {
  const { sent, gets, repeated, getsLost, posts, accepted, whys } = toll
  return `## While balancers drain

The balancer gets SIGTERM every ${everySeconds} s, and another listens already, to which clients turn when they are refused. *Accepted* are
failures that are in an access log. All others were written to a connection as it was closed.

| requests | drains | GETs failed | repeated | of GETs lost | POSTs lost | accepted | how |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${row(number(sent), [toll.drains, gets, repeated, getsLost, posts.length, accepted, ways(whys)])}
`
}

function lookCells({ p50, p99, counts, residentBytes, files }: Look): string[] {
  const { ok, non2xx, errors, timeouts, dropped } = counts
  const ends = [ok, non2xx, errors, timeouts, dropped].map(number)
  return [rounded(p50), rounded(p99), ...ends, (residentBytes / 2 ** 20).toFixed(0), number(files)]
}

function crowd(runs: Runs): string {
  const { rounds, after, crowd: size } = runs.crowd
  const rows = rounds.flatMap(({ alone, beside }, round) => {
    const { idle, slowHeads, slowReaders } = beside.stood
    return [
      row(`${round + 1}, alone`, [...lookCells(alone), '–', '–', '–', '–']),
      row(`${round + 1}, beside`, [
        ...lookCells(beside),
        idle,
        slowHeads,
        slowReaders,
        beside.reopened,
      ]),
    ]
  })
  const ratios = ratiosOf(runs.crowd)
  const most = Math.max(...rounds.map(({ beside }) => beside.residentBytes))
  return `## Beside a crowd

Normal clients, ${number(runs.crowdRate)} requests a second over ${normalConnections} connections, alone and beside ${number(size.idle)} idle connections,
${number(size.slowHeads)} clients that send a head octet by octet, one a second, and ${number(size.slowReaders)} that read 16 MiB at 64 KiB a second; in turn,
windows of ${runs.windowSeconds} s. One worker: ${runs.placement}; the crowd runs beside the driver, so that what it costs there
is in p99, too. Heads may take ${headSeconds} s. Clients of the crowd stand from the first octet of an answer on, slow heads from
their own first; what stood is the least of before and after the window. *Reopened* are those that the balancer closed: slow
heads. Memory is the most that was resident in the window.

| | p50, ms | p99, ms | answered | non-2xx | errors | time-outs | dropped | memory, MiB | open files | idle | slow heads | slow readers | reopened |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
${row('after', [...lookCells(after), '–', '–', '–', '–'])}

p99 beside the crowd ÷ alone, by round: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; median ${median(ratios).toFixed(2)}. Memory: ${quantity(rounds[0]?.alone.residentBytes ?? Number.NaN, 'bytes')} before the
first crowd, ${quantity(most, 'bytes')} at most beside one, ${quantity(after.residentBytes, 'bytes')} after the last.
`
}
