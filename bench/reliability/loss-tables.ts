import { median } from '../../src/stats/estimates/quantile.ts'
import type { DrainLosses } from './draining.ts'
import { type BackendLosses, retryShare } from './killed-backends.ts'
import type { BalancerLosses } from './killed-balancers.ts'
import type { WorkerLosses } from './killed-workers.ts'
import { outcomeText, row } from './table-row.ts'

/** The losses with clients and backends of the protocols in `name`. */
export interface ProtocolLosses {
  readonly name: string
  readonly killed: BackendLosses
  readonly changing: BackendLosses
  readonly workers: WorkerLosses
  readonly balancers: BalancerLosses
  readonly drains: DrainLosses
}

/** Pauses between kills, seconds. */
export interface Pauses {
  readonly seconds: number
  readonly everySeconds: number
  /** Seconds that the balancer serves before it is killed. */
  readonly balancerSeconds: number
}

/** The section on killed backends. */
export function backends(
  runs: readonly ProtocolLosses[],
  { everySeconds, seconds }: Pauses,
): string {
  const line = (name: string, losses: BackendLosses) => {
    const { sent, kills, changes, retried, gets, posts, reached, unwritten, outcomes } = losses
    const { read, delivered, neither } = reached
    const ends = [posts.length, read, delivered, neither - unwritten, unwritten]
    return row(name, [sent, kills, changes, retried, gets, ...ends, outcomeText(outcomes)])
  }
  const lines = runs.flatMap(({ name, killed, changing }) => [
    line(name, killed),
    line(`${name}, with changes`, changing),
  ])
  return `## While backends are killed

One of three backends gets SIGKILL every ${everySeconds} s, and is started on the same port ${everySeconds / 2} s later, for ${seconds} s; *with
changes* weights change meanwhile, and backends are drained, join and leave. The retry budget is ${retryShare} of the requests in flight, and at
least the default of 32: each kill hits a third of them, or more where weights changed; the default budget of a fifth is meant for five
backends and more. A POST that had reached a backend when the backend died is lost, since it must not be sent twice: RFC 9110, section
9.2.2. Where lost POSTs were:

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
${lines.join('\n')}
`
}

/** The section on killed workers. */
export function workers(runs: readonly ProtocolLosses[], { everySeconds }: Pauses): string {
  const lines = runs.map(({ name, workers: losses }) => {
    const { sent, kills, inFlight, gets, repeated, getsLost, onNewerConnections } = losses
    const { posts, reached, outcomes } = losses
    const counts = [sent, kills, inFlight, gets, repeated, getsLost, onNewerConnections]
    const where = [posts.length, reached.read, reached.delivered, reached.neither]
    return row(name, [...counts, ...where, outcomeText(outcomes)])
  })
  return `## While workers are killed

A worker is ended every ${everySeconds} s as by a crash. Its connections are closed with the requests in flight on them, and another worker is started in its
slot. *In flight* is counted by the balancer; requests that reached a connection before its client noticed are lost, too. *Failed on
newer connections* are failures on connections that were not open when the worker was killed, or that ended for another reason. Lost
POSTs were *read by the backend* if they are in its record, and *lost with the worker* if they are not and their connection died with
the worker.

| | requests | kills | in flight | GETs failed | GETs repeated | GETs failed again | failed on newer connections | POSTs lost | read by the backend | lost with the worker | neither | responses or errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${lines.join('\n')}
`
}

/** The section on killed balancers. */
export function balancers(runs: readonly ProtocolLosses[], { balancerSeconds }: Pauses): string {
  const lines = runs.map(({ name, balancers: losses }) => {
    const { sent, kills, gets, repeated, getsLost, refused, onNewerConnections } = losses
    const { posts, reached, restartMs, outcomes } = losses
    const counts = [sent, kills, gets, repeated, getsLost, refused, onNewerConnections]
    const where = [posts.length, reached.read, reached.delivered, reached.neither]
    const times = `${median(restartMs).toFixed(0)} / ${Math.max(...restartMs)}`
    return row(name, [...counts, ...where, times, outcomeText(outcomes)])
  })
  return `## While the balancer is killed, under its parent

The process of \`lb serve\` gets SIGKILL and SIGABRT in turn, ${balancerSeconds} s after it was ready, and its parent starts it again. All its connections are
closed with the requests in flight on them; connections that arrive before the next process is ready wait in the queue of the kernel. Columns
as for workers; *restart* is the time from the signal until the next process serves: median and maximum.

| | requests | kills | GETs failed | GETs repeated | GETs failed again | refused | failed on newer connections | POSTs lost | read by the backend | lost with the balancer | neither | restart, ms | responses or errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${lines.join('\n')}
`
}

/** The section on balancers that drain. */
export function drains(runs: readonly ProtocolLosses[], { everySeconds }: Pauses): string {
  const lines = runs.map(({ name, drains: losses }) => {
    const { sent, gets, repeated, getsLost, posts, accepted, outcomes } = losses
    const counts = [sent, losses.drains, gets, repeated, getsLost, posts.length, accepted]
    return row(name, [...counts, outcomeText(outcomes)])
  })
  return `## While balancers drain

The balancer gets SIGTERM every ${everySeconds} s, while another listens already; clients connect to it when they are refused. *Failed after acceptance* are
failures of requests that are in an access log. All others were written to a connection while it was being closed.

| | requests | drains | GETs failed | GETs repeated | GETs failed again | POSTs lost | failed after acceptance | responses or errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${lines.join('\n')}
`
}
