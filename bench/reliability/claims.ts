import { median } from '../../src/stats/estimates/quantile.ts'
import type { BesideCrowdOptions, Round } from './beside-crowd.ts'
import type { DrainLosses } from './draining.ts'
import type { BackendLosses } from './killed-backends.ts'
import type { BalancerLosses } from './killed-balancers.ts'
import type { WorkerLosses } from './killed-workers.ts'
import { type ClientWindow, failedRequests } from './normal-clients.ts'

/** A requirement, and the measured value. */
export interface Claim {
  readonly claim: string
  readonly measured: string
  readonly held: boolean
}

/** The windows of normal clients alone and beside a crowd. */
export interface CrowdResult extends Pick<BesideCrowdOptions, 'crowd'> {
  readonly rounds: readonly Round[]
  readonly after: ClientWindow
}

/** Maximum number of bytes per connection of a crowd: one read from a socket. */
const maxPerConnection = 65_536
/** Maximum ratio between the memory of the last and the first round: it must not grow with each. */
const maxGrowth = 1.1

/** Minimum fraction of slow heads that are open: the balancer closes them, and they connect again, so that some are always missing. */
const minSlowHeads = 0.9

const none = (claim: string, count: number, of: string): Claim => ({
  claim,
  measured: `${count} of ${of}`,
  held: count === 0,
})

/** The requirements while backends are killed. `happens` names the run. */
export function backendClaims(happens: string, result: BackendLosses): Claim[] {
  const { sent, gets, posts, reached } = result
  return [
    none(`${happens}: no GET fails`, gets, `${sent} requests`),
    none(
      `${happens}: no POST is lost before it reached a backend or its kernel`,
      reached.neither,
      `${posts.length} lost`,
    ),
  ]
}

/** The requirements while workers are killed. */
export function workerClaims({
  sent,
  gets,
  getsLost,
  onNewerConnections,
  reached,
  posts,
}: WorkerLosses): Claim[] {
  const when = 'workers are killed'
  return [
    none(`${when}: no GET fails for a client without retries`, gets, `${sent} requests`),
    none(
      `${when}: no GET fails for a client that repeats it once`,
      getsLost,
      `${gets} that failed once`,
    ),
    none(
      `${when}: no request fails on a connection that was opened afterwards`,
      onNewerConnections,
      `${sent} requests`,
    ),
    none(
      `${when}: no POST is lost before it reached a backend`,
      reached.delivered + reached.neither,
      `${posts.length} lost`,
    ),
    none(
      `${when}: no POST is lost before it reached a backend or the worker that died`,
      reached.neither,
      `${posts.length} lost`,
    ),
  ]
}

/** The requirements while the process of the balancer is killed, under its parent. */
export function balancerClaims(losses: BalancerLosses): Claim[] {
  const { sent, gets, getsLost, refused, onNewerConnections, reached, posts } = losses
  const when = 'the balancer is killed'
  return [
    none(`${when}: no connection is refused`, refused, `${sent} requests`),
    none(
      `${when}: no request fails on a connection that was opened afterwards`,
      onNewerConnections,
      `${sent} requests`,
    ),
    none(
      `${when}: no GET fails for a client that repeats it once`,
      getsLost,
      `${gets} that failed once`,
    ),
    none(
      `${when}: no POST is lost before it reached a backend or the balancer that died`,
      reached.neither,
      `${posts.length} lost`,
    ),
  ]
}

/** The requirements while balancers drain. */
export function drainClaims({ sent, gets, getsLost, accepted, posts }: DrainLosses): Claim[] {
  const when = 'balancers drain'
  return [
    none(`${when}: no request fails that was accepted`, accepted, `${sent} requests`),
    none(`${when}: no GET fails for a client without retries`, gets, `${sent} requests`),
    none(
      `${when}: no GET fails for a client that repeats it once`,
      getsLost,
      `${gets} that failed once`,
    ),
    none(`${when}: no POST is lost`, posts.length, `${sent} requests`),
  ]
}

/** p99 beside the crowd ÷ alone, by round. */
export function ratiosOf({ rounds }: CrowdResult): number[] {
  return rounds.map(({ alone, beside }) => beside.p99 / alone.p99)
}

/** The requirements beside a crowd. */
export function crowdClaims(result: CrowdResult): Claim[] {
  const { rounds, after, crowd } = result
  const ratio = median(ratiosOf(result))
  const besides = rounds.map(({ beside }) => beside.residentBytes)
  const alone = Math.min(...rounds.map((round) => round.alone.residentBytes))
  const size = crowd.idle + crowd.slowHeads + crowd.slowReaders
  const each = (Math.max(...besides) - alone) / size
  const growth = (besides.at(-1) as number) / (besides[0] as number)
  const windows = [...rounds.flatMap((round) => [round.alone, round.beside]), after]
  const when = 'beside a crowd'
  return [
    {
      claim: `${when}: every connection of the crowd is open, in each window`,
      measured: `${Math.min(...rounds.map(({ beside }) => beside.open.idle))} idle connections or more`,
      held: rounds.every(({ beside }) => isOpen(beside.open, crowd)),
    },
    none(
      `${when}: no request of normal clients fails`,
      sum(windows.map(({ counts }) => failedRequests(counts))),
      'all windows',
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

function isOpen(open: Round['beside']['open'], crowd: CrowdResult['crowd']): boolean {
  return (
    open.idle === crowd.idle &&
    open.slowReaders === crowd.slowReaders &&
    open.slowHeads >= crowd.slowHeads * minSlowHeads
  )
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0)
}
