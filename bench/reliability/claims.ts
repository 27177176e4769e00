import type { DrainLosses } from './draining.ts'
import type { BackendLosses } from './killed-backends.ts'
import type { BalancerLosses } from './killed-balancers.ts'
import type { WorkerLosses } from './killed-workers.ts'

/** A requirement, and the measured value. */
export interface Claim {
  readonly claim: string
  readonly measured: string
  readonly held: boolean
}

/** A requirement that nothing happens: `count` of `of` did. */
export function none(claim: string, count: number, of: string): Claim {
  return { claim, measured: `${count} of ${of}`, held: count === 0 }
}

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
