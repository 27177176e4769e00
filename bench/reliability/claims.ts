import { median } from '../../src/stats/estimates/quantile.ts'
import type { Crowded, Round } from './crowded.ts'
import type { DrainToll } from './draining.ts'
import type { BackendToll } from './dying-backends.ts'
import type { WorkerToll } from './dying-workers.ts'
import { failedOf, type Look } from './normal-clients.ts'

/** Something that must hold, and what was measured of it. */
export interface Claim {
  readonly claim: string
  readonly measured: string
  readonly held: boolean
}

/** What normal clients saw alone and beside a crowd. */
export interface CrowdToll extends Pick<Crowded, 'crowd'> {
  readonly rounds: readonly Round[]
  readonly after: Look
}

/** Bytes that each connection of a crowd may cost: one read from a socket. */
const mostPerConnection = 65_536
/** How many times the memory of the first round the last may have: it must not grow with each. */
const mostGrowth = 1.1

/** Slow heads are closed and come again, so that some are always missing. */
const leastSlowHeads = 0.9

const none = (claim: string, count: number, of: string): Claim => ({
  claim,
  measured: `${count} of ${of}`,
  held: count === 0,
})

/** What must hold while backends are killed, whatever else `happens`. */
export function backendClaims(happens: string, toll: BackendToll): Claim[] {
  const { sent, gets, posts, reached } = toll
  return [
    none(`${happens}: no GET fails`, gets, `${sent} requests`),
    none(
      `${happens}: no POST is lost before it reached a backend or its kernel`,
      reached.neither,
      `${posts.length} lost`,
    ),
  ]
}

/** What must hold while workers are killed. */
export function workerClaims({ sent, gets, getsLost, fresh, reached, posts }: WorkerToll): Claim[] {
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
      fresh,
      `${sent} requests`,
    ),
    none(
      `${when}: no POST is lost before it reached a backend`,
      reached.given + reached.neither,
      `${posts.length} lost`,
    ),
    none(
      `${when}: no POST is lost before it reached a backend or the worker that died`,
      reached.neither,
      `${posts.length} lost`,
    ),
  ]
}

/** What must hold while balancers drain. */
export function drainClaims({ sent, gets, getsLost, accepted, posts }: DrainToll): Claim[] {
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
export function ratiosOf({ rounds }: CrowdToll): number[] {
  return rounds.map(({ alone, beside }) => beside.p99 / alone.p99)
}

/** What must hold beside a crowd. */
export function crowdClaims(toll: CrowdToll): Claim[] {
  const { rounds, after, crowd } = toll
  const ratio = median(ratiosOf(toll))
  const besides = rounds.map(({ beside }) => beside.residentBytes)
  const alone = Math.min(...rounds.map((round) => round.alone.residentBytes))
  const size = crowd.idle + crowd.slowHeads + crowd.slowReaders
  const each = (Math.max(...besides) - alone) / size
  const growth = (besides.at(-1) as number) / (besides[0] as number)
  const looks = [...rounds.flatMap((round) => [round.alone, round.beside]), after]
  const when = 'beside a crowd'
  return [
    {
      claim: `${when}: every connection of the crowd is open, in each window`,
      measured: `${Math.min(...rounds.map(({ beside }) => beside.stood.idle))} idle connections or more`,
      held: rounds.every(({ beside }) => stands(beside.stood, crowd)),
    },
    none(
      `${when}: no request of normal clients fails`,
      sum(looks.map(({ counts }) => failedOf(counts))),
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
      held: each <= mostPerConnection,
    },
    {
      claim: `${when}: memory does not grow: the last crowd takes at most ${mostGrowth} times as much as the first`,
      measured: `${growth.toFixed(2)} times`,
      held: growth <= mostGrowth,
    },
  ]
}

function stands(stood: Round['beside']['stood'], crowd: CrowdToll['crowd']): boolean {
  return (
    stood.idle === crowd.idle &&
    stood.slowReaders === crowd.slowReaders &&
    stood.slowHeads >= crowd.slowHeads * leastSlowHeads
  )
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0)
}
