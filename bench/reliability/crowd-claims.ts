import { median } from '../../src/stats/estimates/quantile.ts'
import { type BesideCrowd, type Round, releaseSeconds } from './beside-crowd.ts'
import { type Claim, none } from './claims.ts'
import { type CrowdSize, clientsOf, crowdKinds, kindsOf } from './crowd-kinds.ts'
import { failedRequests } from './normal-clients.ts'

/** The windows of normal clients alone and beside a crowd. */
export interface CrowdResult extends BesideCrowd {
  readonly crowd: CrowdSize
}

/** Maximum number of bytes per connection of a crowd: one read from a socket. */
const maxPerConnection = 65_536
/** Maximum ratio between the memory of the last and the first round: it must not grow with each. */
const maxGrowth = 1.1

/** p99 beside the crowd ÷ alone, by round. */
export function ratiosOf({ rounds }: CrowdResult): number[] {
  return rounds.map(({ alone, beside }) => beside.p99 / alone.p99)
}

/** The requirements beside a crowd. */
export function crowdClaims(result: CrowdResult): Claim[] {
  const { rounds, after, crowd, http2 } = result
  const ratio = median(ratiosOf(result))
  const besides = rounds.map(({ beside }) => beside.residentBytes)
  const alone = Math.min(...rounds.map((round) => round.alone.residentBytes))
  const each = (Math.max(...besides) - alone) / clientsOf(crowd)
  const growth = (besides.at(-1) as number) / (besides[0] as number)
  const windows = [...rounds.flatMap((round) => [round.alone, round.beside]), after]
  const missing = sum(rounds.map(({ beside }) => missingOf(beside, crowd)))
  const uncut = sum(rounds.map(({ beside }) => uncutOf(beside, crowd)))
  const unreleased = sum(rounds.map(({ beside }) => beside.unreleased))
  const floods = kindsOf(crowd).some((kind) => crowdKinds[kind].open === 0)
  const allWindows = `${windows.length} windows`
  const when = 'beside a crowd'
  return [
    {
      claim: `${when}: every connection that is tolerated is open, in each window`,
      measured: `${missing} missing`,
      held: missing === 0,
    },
    {
      claim: `${when}: every flood is cut off, in each window`,
      measured: floods ? `${uncut} not cut off` : 'no floods',
      held: uncut === 0,
    },
    {
      claim: `${when}: its connections are released within ${releaseSeconds} s of its end`,
      measured: `${unreleased} open files more`,
      held: unreleased === 0,
    },
    none(
      `${when}: no request of normal clients fails`,
      sum(windows.map(({ counts }) => failedRequests(counts))),
      allWindows,
    ),
    none(
      `${when}: no request of normal clients in HTTP/2 fails`,
      http2.failed,
      `${http2.sent} requests`,
    ),
    {
      claim: `${when}: p99 of normal clients is less than twice that without it`,
      measured: `${ratio.toFixed(2)} times`,
      held: ratio < 2,
    },
    {
      claim: `${when}: memory is bounded: 64 KiB per connection at most`,
      measured: `${(each / 1024).toFixed(1)} KiB`,
      held: each <= maxPerConnection,
    },
    {
      claim: `${when}: memory does not grow: the last crowd takes at most ${maxGrowth} times as much as the first`,
      measured: `${growth.toFixed(2)} times`,
      held: growth <= maxGrowth,
    },
  ]
}

/** Connections that should be open and are not. */
function missingOf({ open }: Round['beside'], crowd: CrowdSize): number {
  return sum(
    kindsOf(crowd).map((kind) => {
      const least = Math.ceil((crowd[kind] ?? 0) * crowdKinds[kind].open)
      return Math.max(0, least - (open[kind] ?? 0))
    }),
  )
}

/** Floods that were not cut off once. */
function uncutOf({ reopened }: Round['beside'], crowd: CrowdSize): number {
  return sum(
    kindsOf(crowd)
      .filter((kind) => crowdKinds[kind].open === 0)
      .map((kind) => Math.max(0, (crowd[kind] ?? 0) - (reopened[kind] ?? 0))),
  )
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0)
}
