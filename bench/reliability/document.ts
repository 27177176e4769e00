import { quantity, rounded } from '../../src/kit/units.ts'
import { median } from '../../src/stats/estimates/quantile.ts'
import { headSeconds } from './beside-crowd.ts'
import {
  backendClaims,
  balancerClaims,
  type Claim,
  type CrowdResult,
  crowdClaims,
  drainClaims,
  ratiosOf,
  workerClaims,
} from './claims.ts'
import type { DrainLosses } from './draining.ts'
import { type BackendLosses, retryShare } from './killed-backends.ts'
import type { BalancerLosses } from './killed-balancers.ts'
import type { WorkerLosses } from './killed-workers.ts'
import { type ClientWindow, normalConnections } from './normal-clients.ts'

/** The results of all runs, and their options. */
export interface Runs {
  /** The machine and the version of Node. */
  readonly host: string
  readonly date: string
  /** Requests per second. */
  readonly rate: number
  readonly seconds: number
  readonly everySeconds: number
  /** Seconds that the balancer serves before it is killed. */
  readonly balancerSeconds: number
  readonly killed: BackendLosses
  readonly changing: BackendLosses
  readonly workers: WorkerLosses
  readonly balancers: BalancerLosses
  readonly drains: DrainLosses
  readonly crowd: CrowdResult
  /** Length of the crowd's windows. */
  readonly windowSeconds: number
  readonly crowdRate: number
  /** Placement of the processes beside the crowd. */
  readonly placement: string
}

const number = (value: number): string => value.toLocaleString('en')

function row(what: string, cells: readonly (number | string)[]): string {
  const words = cells.map((cell) => (typeof cell === 'number' ? number(cell) : cell))
  return `| ${[what, ...words].join(' | ')} |`
}

function outcomeText(outcomes: Readonly<Record<string, number>>): string {
  const all = Object.entries(outcomes).map(([outcome, count]) => `${outcome} × ${count}`)
  return all.join(', ') || '–'
}

/** docs/measurements/reliability.md, as markdown. */
export function document(runs: Runs): string {
  return [
    heading(runs),
    backends(runs),
    workers(runs),
    balancers(runs),
    drains(runs),
    crowd(runs),
  ].join('\n')
}

/** All requirements, in the order of the runs. */
function claimsOf({ killed, changing, workers, balancers, drains, crowd }: Runs): Claim[] {
  return [
    ...backendClaims('backends are killed', killed),
    ...backendClaims('the same while members change', changing),
    ...workerClaims(workers),
    ...balancerClaims(balancers),
    ...drainClaims(drains),
    ...crowdClaims(crowd),
  ]
}

function heading(runs: Runs): string {
  const claims = claimsOf(runs).map(({ claim, measured, held }) =>
    row(claim, [measured, held ? 'held' : '**not held**']),
  )
  return `# Reliability: requests that clients lose

Made by \`npm run bench:reliability\` on ${runs.date}, on ${runs.host}: the
compiled balancer. While backends and workers are killed and balancers drain it has two workers; driver, backends and balancer
share the CPUs. The load is ${number(runs.rate)} requests per second in open loop, four GETs per POST, each numbered; backends have a
service time of 20 ms.

A client repeats a GET once, on a fresh connection, if a connection that had carried others was closed before the first byte of the
response. RFC 9110, section 9.2.2, permits this; browsers and Go's client do it. *GETs failed* counts the failures before that. A
POST is never sent twice.

| requirement | measured | |
| --- | --- | --- |
${claims.join('\n')}
`
}

function backends({ everySeconds, seconds, killed, changing }: Runs): string {
  const line = (what: string, losses: BackendLosses) => {
    const { sent, kills, changes, retried, gets, posts, reached, unwritten, outcomes } = losses
    const { read, delivered, neither } = reached
    const ends = [posts.length, read, delivered, neither - unwritten, unwritten]
    return row(what, [sent, kills, changes, retried, gets, ...ends, outcomeText(outcomes)])
  }
  return `## While backends are killed

One of three backends gets SIGKILL every ${everySeconds} s, and is started on the same port ${everySeconds / 2} s later, for ${seconds} s. The
retry budget is ${retryShare} of the requests in flight, and at least the default of 32: each kill hits a third of them, or more where weights changed; the
default budget of a fifth is meant for five backends and more. A POST that had reached a backend when the backend died is lost, since
it must not be sent twice: RFC 9110, section 9.2.2. Where lost POSTs were:

- *read by the backend*: in the record that a backend writes, when it has read a head, to a file that survives it;
- *in the backend's kernel*: not in the record, but the balancer wrote it to a connection that was open. The bytes had arrived, and a
  proxy cannot tell whether they were read;
- *sent on a closed connection*: only written to a connection that its backend had closed already. The balancer checks for that before
  each write of a POST;
- *never sent*.

*Retried* is high, since no more than half of the backends may be ejected, each for 10 s: the next one that dies is not ejected, and
connections that it refuses are retried at another.

| | requests | kills | changes | retried | GETs failed | POSTs lost | read by the backend | in the backend's kernel | sent on a closed connection | never sent | responses or errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${line('backends are killed', killed)}
${line('the same, while weights change, and backends are drained, join and leave', changing)}
`
}

function workers({ everySeconds, workers: losses }: Runs): string {
  const {
    sent,
    kills,
    inFlight,
    gets,
    repeated,
    getsLost,
    onNewerConnections,
    posts,
    reached,
    outcomes,
  } = losses
  const { read, delivered, neither } = reached
  const cells = [
    inFlight,
    gets,
    repeated,
    getsLost,
    onNewerConnections,
    posts.length,
    read,
    delivered,
    neither,
  ]
  return `## While workers are killed

A worker is ended every ${everySeconds} s as by a crash. Its connections are closed with the requests in flight on them, and another worker is started in its
slot. *In flight* is counted by the balancer; requests that reached a connection before its client noticed are lost, too. *Failed on
newer connections* are failures on connections that were not open when the worker was killed, or that ended for another reason. Lost
POSTs were *read by the backend* if they are in its record, and *lost with the worker* if they are not and their connection died with
the worker.

| requests | kills | in flight | GETs failed | GETs repeated | GETs failed again | failed on newer connections | POSTs lost | read by the backend | lost with the worker | neither | responses or errors |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${row(number(sent), [kills, ...cells, outcomeText(outcomes)])}
`
}

function balancers({ balancerSeconds, balancers: losses }: Runs): string {
  const { sent, kills, gets, repeated, getsLost, refused, onNewerConnections, posts } = losses
  const { reached, restartMs, outcomes } = losses
  const { read, delivered, neither } = reached
  const times = `${median(restartMs)} / ${Math.max(...restartMs)}`
  const cells = [gets, repeated, getsLost, refused, onNewerConnections, posts.length]
  const where = [read, delivered, neither, times, outcomeText(outcomes)]
  return `## While the balancer is killed, under its parent

The process of \`lb serve\` gets SIGKILL and SIGABRT in turn, ${balancerSeconds} s after it was ready, and its parent starts it again. All its connections are
closed with the requests in flight on them; connections that arrive before the next process is ready wait in the queue of the kernel. Columns
as for workers; *restart* is the time from the signal until the next process serves: median and maximum.

| requests | kills | GETs failed | GETs repeated | GETs failed again | refused | failed on newer connections | POSTs lost | read by the backend | lost with the balancer | neither | restart, ms | responses or errors |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${row(number(sent), [kills, ...cells, ...where])}
`
}

function drains({ everySeconds, drains: losses }: Runs): string {
  const { sent, gets, repeated, getsLost, posts, accepted, outcomes } = losses
  return `## While balancers drain

The balancer gets SIGTERM every ${everySeconds} s, while another listens already; clients connect to it when they are refused. *Failed after acceptance* are
failures of requests that are in an access log. All others were written to a connection while it was being closed.

| requests | drains | GETs failed | GETs repeated | GETs failed again | POSTs lost | failed after acceptance | responses or errors |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${row(number(sent), [losses.drains, gets, repeated, getsLost, posts.length, accepted, outcomeText(outcomes)])}
`
}

function windowCells({ p50, p99, counts, residentBytes, files }: ClientWindow): string[] {
  const { ok, non2xx, errors, timeouts, dropped } = counts
  const ends = [ok, non2xx, errors, timeouts, dropped].map(number)
  return [rounded(p50), rounded(p99), ...ends, (residentBytes / 2 ** 20).toFixed(0), number(files)]
}

function crowd(runs: Runs): string {
  const { rounds, after, crowd: size } = runs.crowd
  const rows = rounds.flatMap(({ alone, beside }, round) => {
    const { idle, slowHeads, slowReaders } = beside.open
    return [
      row(`${round + 1}, alone`, [...windowCells(alone), '–', '–', '–', '–']),
      row(`${round + 1}, beside`, [
        ...windowCells(beside),
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

Normal clients, ${number(runs.crowdRate)} requests per second over ${normalConnections} connections, alone and beside ${number(size.idle)} idle connections,
${number(size.slowHeads)} clients that send a head at one byte per second, and ${number(size.slowReaders)} that read 16 MiB at 64 KiB a second; in turn,
in windows of ${runs.windowSeconds} s. One worker: ${runs.placement}; the crowd runs beside the driver, so that its CPU cost
is part of p99. The time limit for heads is ${headSeconds} s. *Idle*, *slow heads* and *slow readers* are the connections of the crowd that were open, the
minimum of before and after the window. *Reopened* are connections that the balancer closed: slow heads. Memory is the maximum that
was resident in the window.

| | p50, ms | p99, ms | 2xx | non-2xx | errors | time-outs | dropped | memory, MiB | open files | idle | slow heads | slow readers | reopened |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
${row('after', [...windowCells(after), '–', '–', '–', '–'])}

p99 beside the crowd ÷ alone, by round: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; median ${median(ratios).toFixed(2)}. Memory: ${quantity(rounds[0]?.alone.residentBytes ?? Number.NaN, 'bytes')} before the
first crowd, ${quantity(most, 'bytes')} at most beside one, ${quantity(after.residentBytes, 'bytes')} after the last.
`
}
