import { awaitsOthers } from '../downstream/await-request.ts'
import { type ClientConnection, destroyConnection, hasInput } from '../downstream/connection.ts'
import { scheduleProbe } from '../downstream/probe.ts'
import { refuse } from '../downstream/refuse.ts'
import { hasSentMore } from '../downstream/sent-more.ts'
import { takeUnread } from '../downstream/take-unread.ts'
import type { UpstreamConnection } from '../upstream/connection.ts'
import { hasTakenMore } from '../upstream/taken-more.ts'
import { failed } from './attempt.ts'
import type { ProxyContext } from './context.ts'
import { setDeadline } from './deadline.ts'
import type { Exchange } from './exchange.ts'
import { abort } from './finish.ts'
import { failRequest, refuseRequest } from './local-reply.ts'
import { recordFailure } from './record.ts'
import { checkBodyRate } from './slow-body.ts'
import { awaitTraffic } from './tunnel.ts'

const processing = Buffer.from('HTTP/1.1 102 Processing\r\n\r\n', 'latin1')

/** Checks all timeouts of a worker. Called several times a second. */
export function checkTimeouts(proxy: ProxyContext<Exchange>): void {
  const { pool, clients, settings, balancing, observe } = proxy
  const now = proxy.now()
  const elapsed = now - proxy.checkedAt
  proxy.checkedAt = now
  pool.closeIdle(now - settings.timeouts.pool)
  for (let row = 0; row < balancing.inFlight.length; row++) {
    observe.metrics?.setIdle(row, pool.idle(row))
  }
  for (const client of clients) {
    client.session?.checkTimeouts(now)
    if (client.deadline <= now) onTimeout(client)
    else if (client.probeAt <= now) probe(client)
    else if (client.user.phase === 'request body') checkBodyRate(client.user, now, elapsed)
  }
}

function onTimeout(client: ClientConnection<Exchange>): void {
  if (client.state === 'exchange') onExchangeTimeout(client.user)
  else if (client.session === undefined && client.socket.writableLength > 0) awaitReader(client)
  else if (client.state === 'head' && hasInput(client)) refuse(client, 408)
  else if (client.state === 'session') client.session?.close()
  else if (client.state === 'head') closeIdle(client)
  else destroyConnection(client)
}

/** Closes an idle connection, unless a request, or a part of one, has come on it, unseen until now. */
function closeIdle(client: ClientConnection<Exchange>): void {
  if (awaitsOthers(client)) return
  takeUnread(client)
  if (client.state === 'head' && !hasInput(client)) destroyConnection(client)
}

/** A part of a response waits for a client that reads slowly: as long as it reads, it gets the rest. */
function awaitReader(client: ClientConnection<Exchange>): void {
  const { context } = client
  if (hasSentMore(client)) client.deadline = context.now() + context.settings.timeouts.idle
  else destroyConnection(client, true)
}

/** A request has made no progress for too long. The reply depends on the side that was waited for. */
function onExchangeTimeout(exchange: Exchange): void {
  const { upstream, phase, client, proxy } = exchange
  const expired = exchange.until <= proxy.now()
  if (phase === 'tunnel') onTunnelTimeout(exchange)
  else if (!expired && client.socket.writableLength > 0 && hasSentMore(client)) {
    setDeadline(exchange, proxy.settings.timeouts.idle)
  } else if (!expired && isUploading(exchange)) {
    setDeadline(exchange, proxy.settings.timeouts.idle)
  } else if (exchange.responseStarted) onResponseTimeout(exchange, expired)
  else if (upstream?.connected === false && !expired)
    failed(exchange, upstream.reason ?? 'connect-timeout', false)
  else if (phase === 'request body' && !client.socket.isPaused()) {
    refuseRequest(exchange, 'request-body-timeout')
  } else if (expired) failRequest(exchange, 'request-timeout')
  else failed(exchange, phase === 'request body' ? 'request-stalled' : 'response-timeout', true)
}

/** No bytes came in a tunnel for too long. Those that came before may still be on their way to a side that reads slowly. */
function onTunnelTimeout(exchange: Exchange): void {
  const { client, upstream } = exchange
  const clientTakes = client.socket.writableLength > 0 && hasSentMore(client)
  const backendTakes = upstream !== undefined && waitsFor(upstream) && hasTakenMore(upstream)
  if (clientTakes || backendTakes) awaitTraffic(exchange)
  else abort(exchange, 'tunnel-silent', true)
}

/** Bytes wait for the backend. */
function waitsFor({ connected, socket }: UpstreamConnection<Exchange>): boolean {
  return connected && socket.writableLength > 0
}

/** Bytes of the request wait for a backend that takes them slowly. */
function isUploading({ upstream, responseStarted }: Exchange): boolean {
  if (upstream === undefined || responseStarted) return false
  return waitsFor(upstream) && hasTakenMore(upstream)
}

/** A response has begun, and waits for one of both sides. */
function onResponseTimeout(exchange: Exchange, expired: boolean): void {
  const { upstream, client } = exchange
  // If bytes wait for the client, or the backend's socket is paused, the client is the slow side.
  const backendIsSlow = client.socket.writableLength === 0 && !upstream?.socket.isPaused()
  const stalled = backendIsSlow ? 'response-stalled' : 'client-stalled'
  if (!expired && upstream !== undefined && backendIsSlow) recordFailure(exchange, stalled)
  abort(exchange, expired ? 'request-timeout' : stalled, true)
}

/**
 * A client that closed its side may wait for its response, or may have closed the connection: both look the
 * same until something is sent to it. Before the response an interim one does no harm (RFC 9110, section
 * 15.2), and if the connection is closed it fails, which ends the work of the backend. Within a response
 * nothing can be inserted: there the next bytes of the response find out, or the idle timeout.
 */
function probe(client: ClientConnection<Exchange>): void {
  const { user: exchange, socket } = client
  scheduleProbe(client)
  const waits = exchange.phase === 'response' && !exchange.responseStarted
  if (waits && exchange.minor === 1) socket.write(processing)
}
