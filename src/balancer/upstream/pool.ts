import type { ProxyContext } from '../proxy/context.ts'
import { discard, type UpstreamConnection, upstreamState } from './connection.ts'

/** Idle connections to one backend that a worker keeps. */
const mostIdle = 512

/** The idle connection to `row` that was used last, or undefined where there is none. */
export function takeIdle(lane: ProxyContext, row: number): UpstreamConnection | undefined {
  return (lane.idle[row] as UpstreamConnection[]).pop()
}

/** Puts a connection that is done with its request into the pool. */
export function giveBack(lane: ProxyContext, upstream: UpstreamConnection): void {
  const idle = lane.idle[upstream.row] as UpstreamConnection[]
  if (idle.length >= mostIdle || lane.draining) {
    discard(upstream)
    return
  }
  upstream.client = undefined
  upstream.reused = true
  upstream.state = upstreamState.nothing
  upstream.idleSince = lane.now()
  idle.push(upstream)
}

/** Takes a connection that is gone out of the pool. */
export function forget(lane: ProxyContext, upstream: UpstreamConnection): void {
  const idle = lane.idle[upstream.row] as UpstreamConnection[]
  const place = idle.lastIndexOf(upstream)
  if (place >= 0) idle.splice(place, 1)
}

/** Closes all idle connections to the backend in `row`. */
export function closeRow({ idle, dialer }: ProxyContext, row: number): void {
  dialer.closeRow(row)
  for (const upstream of (idle[row] as UpstreamConnection[]).splice(0)) discard(upstream)
}

/** Closes what has waited in the pool for longer than `seconds`. */
export function closeIdle(lane: ProxyContext, seconds: number): void {
  const oldest = lane.now() - seconds
  lane.dialer.closeIdle(oldest)
  for (const idle of lane.idle) {
    let stale = 0
    // In the order in which they came back, since the one used last is taken first.
    while (stale < idle.length && (idle[stale] as UpstreamConnection).idleSince <= oldest) stale++
    for (const upstream of idle.splice(0, stale)) discard(upstream)
  }
}
