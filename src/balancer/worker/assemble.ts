import type { BalancerSettings } from '../config/config.ts'
import type { ClientConnection } from '../downstream/connection.ts'
import { clientState } from '../downstream/connection.ts'
import { openSession } from '../downstream/http2/session.ts'
import { overdue, probe, proceed } from '../downstream/receive.ts'
import type { BackendSet } from '../health/backend-set.ts'
import type { PassiveHealth } from '../health/passive.ts'
import type { RequestHead } from '../http/request-head.ts'
import { emptyResponseHead } from '../http/response-head.ts'
import { newWriteBuffer } from '../io/write-buffer.ts'
import { abort, failed, failRequest, recordFailure, refuseServed } from '../proxy/attempt.ts'
import type { ProxyContext } from '../proxy/context.ts'
import { bodyDrained } from '../proxy/request-body.ts'
import { readResponse, responseBroke } from '../proxy/response.ts'
import { closeTunnel, tunnelDown } from '../proxy/tunnel.ts'
import type { Counters } from '../shared/counters.ts'
import { begin, checkIdle } from '../upstream/check-idle.ts'
import {
  discard,
  openUpstream,
  type UpstreamConnection,
  type UpstreamEvents,
  upstreamState,
} from '../upstream/connection.ts'
import { dialer } from '../upstream/dialer.ts'
import { closeIdle, forget } from '../upstream/pool.ts'

/** What one read from a backend brings at most. */
const inboxOctets = 65_536

/** What a lane is made of. */
export interface ProxyParts extends Pick<ProxyContext, 'worker' | 'metrics' | 'log'> {
  readonly settings: BalancerSettings
  readonly roster: BackendSet
  readonly passive: PassiveHealth
  readonly counters: Counters
  readonly columns: readonly Counters[]
  readonly request: RequestHead
  readonly key: ProxyContext['key']
  readonly limit: ProxyContext['limit']
  readonly now: () => number
}

/** Puts the data path of one worker together. */
export function assembleProxy({ settings, roster, ...parts }: ProxyParts): ProxyContext {
  const inbox = Buffer.allocUnsafeSlow(inboxOctets)
  const lane: ProxyContext = {
    settings,
    ...parts,
    roster,
    inFlight: roster.table.inFlight,
    clients: new Set(),
    idle: roster.byRow.map(() => []),
    outbox: newWriteBuffer(),
    response: emptyResponseHead(settings.limits.fields),
    choice: { key: '', now: 0, tried: undefined },
    draining: false,
    next: proceed,
    lookFirst: checkIdle,
    openSession: (client) => void openSession(client),
    get dialer() {
      return dialing
    },
    connect({ row, upgrade }, fresh) {
      const address = roster.byRow[row]
      if (address === undefined) return undefined
      // A protocol is changed on a connection with HTTP/1.1 only: RFC 9113, section 8.6.
      const clear = address.protocol === 'http' || (address.protocol === 'h2c' && upgrade !== '')
      if (clear) return openUpstream({ address, row, inbox }, events)
      return dialing.connect(address, { row, fresh, upgrade: upgrade !== '' })
    },
  }
  const events = upstreamEvents(lane)
  const dialing = dialer(lane, events)
  return lane
}

/** What becomes of what happens on connections to backends. */
function upstreamEvents(lane: ProxyContext): UpstreamEvents {
  return {
    ready(upstream) {
      const { client } = upstream
      if (client !== undefined) begin(client, upstream)
    },
    read: (upstream, bytes) => read(lane, upstream, bytes),
    drained: (upstream) => bodyDrained(lane, upstream),
    unheard({ client }) {
      // The rest of a body has nowhere to go. What comes behind a request is read as ever.
      if (client?.state === clientState.body) client.socket.pause()
    },
    gone: (upstream, clean) => gone(lane, upstream, clean),
  }
}

function read(lane: ProxyContext, upstream: UpstreamConnection, bytes: Buffer): void {
  const { client } = upstream
  if (upstream.gone) return
  if (client === undefined) {
    // Nobody asked for this: whatever it answers, it must not answer the next request.
    forget(lane, upstream)
    discard(upstream)
    return
  }
  if (upstream.state === upstreamState.tunnel) tunnelDown(client, upstream, bytes)
  else readResponse(client, upstream, bytes)
}

function gone(lane: ProxyContext, upstream: UpstreamConnection, clean: boolean): void {
  const { client, state, partial, connected, unsent } = upstream
  if (client === undefined) {
    forget(lane, upstream)
    return
  }
  if (state === upstreamState.tunnel) clean ? closeTunnel(client) : abort(client)
  else if (state === upstreamState.body) responseBroke(client, upstream, clean)
  else if (partial !== undefined) {
    recordFailure(client)
    failRequest(client, 502)
  } else failed(client, 502, connected && !unsent)
}

/** Looks for what has taken too long. To be called a few times a second. */
export function checkTimeouts(lane: ProxyContext): void {
  const now = lane.now()
  closeIdle(lane, lane.settings.timeouts.pool)
  for (const [row, idle] of lane.idle.entries())
    lane.metrics?.setIdle(row, idle.length + lane.dialer.idle(row))
  for (const client of lane.clients) {
    if (client.deadline <= now) overdue(client, late)
    else if (client.probeAt <= now) probe(client)
  }
}

/** A request under way has had no progress for too long: whose fault it was says what comes of it. */
function late(client: ClientConnection): void {
  const { request, state, socket, lane } = client
  const { upstream } = request
  const expired = request.until <= lane.now()
  if (request.answering) {
    // Where we do not read on, it is the client that takes too long.
    if (!expired && upstream?.socket.isPaused() === false) recordFailure(client)
    abort(client, true)
  } else if (upstream?.connected === false && !expired) failed(client, 504, false)
  else if (state === clientState.body && !socket.isPaused()) refuseServed(client, 408)
  else if (expired) failRequest(client, 504)
  else failed(client, 504, true)
}
