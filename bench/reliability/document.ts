import { backendClaims, balancerClaims, type Claim, drainClaims, workerClaims } from './claims.ts'
import { claimsTable } from './claims-table.ts'
import { type CrowdResult, crowdClaims } from './crowd-claims.ts'
import { besideCrowds, type CrowdRuns, crowd } from './crowd-table.ts'
import {
  backends,
  balancers,
  drains,
  type Pauses,
  type ProtocolLosses,
  workers,
} from './loss-tables.ts'
import { number } from './table-row.ts'

/** The results of all runs, and their options. */
export interface Runs extends Pauses, CrowdRuns {
  /** The machine and the version of Node. */
  readonly host: string
  readonly date: string
  /** Requests per second. */
  readonly rate: number
  readonly losses: readonly ProtocolLosses[]
  readonly crowds: readonly { readonly name: string; readonly result: CrowdResult }[]
}

/** docs/measurements/reliability.md, as markdown. */
export function document(runs: Runs): string {
  const { losses } = runs
  return [
    heading(runs),
    backends(losses, runs),
    workers(losses, runs),
    balancers(losses, runs),
    drains(losses, runs),
    besideCrowds(runs),
    ...runs.crowds.map(({ name, result }) => crowd(name, result)),
  ].join('\n')
}

/** All requirements of one row, in the order of the sections. */
function claimsOf({ killed, changing, workers, balancers, drains }: ProtocolLosses): Claim[] {
  return [
    ...backendClaims('backends are killed', killed),
    ...backendClaims('the same while members change', changing),
    ...workerClaims(workers),
    ...balancerClaims(balancers),
    ...drainClaims(drains),
  ]
}

function heading({ date, host, rate, losses, crowds }: Runs): string {
  return `# Reliability: requests that clients lose

Made by \`npm run bench:reliability\` on ${date}, on ${host}: the
compiled balancer. While backends, workers and balancers are killed and balancers drain it has two workers; driver, backends and balancer
share the CPUs. The load is ${number(rate)} requests per second in open loop, four GETs per POST, each numbered; backends have a
service time of 20 ms. The rows of a table run side by side, each with a balancer and backends of its own and an equal share of the
requests per second, of which at most those of two seconds are in flight. *HTTP/2 clients* and *HTTP/2 backends* speak it without TLS, with \`node:http2\`, which shares no code with the
balancer; the other side speaks HTTP/1.1.

A client repeats a GET once, on a fresh connection, if a connection that had carried others was closed before the first byte of the
response. RFC 9110, section 9.2.2, permits this; browsers and Go's client do it. In HTTP/2 it also repeats a request that the server
has not processed, as it says by REFUSED_STREAM or GOAWAY: RFC 9113, section 8.7. *GETs failed* counts the failures before that. A request
that had not left its client when GOAWAY came is sent on another connection, and counts once. Any other POST is never sent twice.

${claimsTable(losses.map((run) => ({ name: run.name, claims: claimsOf(run) })))}

${claimsTable(crowds.map(({ name, result }) => ({ name, claims: crowdClaims(result) })))}
`
}
