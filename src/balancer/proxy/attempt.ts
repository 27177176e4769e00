import { websocket as websocketProtocol } from '../http/websocket.ts'
import { count, tally } from '../shared/counters.ts'
import { type FailureReason, failureReasons } from '../shared/failure-reasons.ts'
import { awaitRest, checkIdle } from '../upstream/check-idle.ts'
import type { UpstreamConnection } from '../upstream/connection.ts'
import { clientHeader } from './client-header.ts'
import { awaitProgress, setDeadline } from './deadline.ts'
import type { Exchange } from './exchange.ts'
import { dropUpstream } from './finish.ts'
import { pick, release } from './in-flight.ts'
import { failRequest } from './local-reply.ts'
import { recordFailure } from './record.ts'
import { relayBody } from './request-body.ts'
import { mayRetry } from './retry-budget.ts'

const getMethod = Buffer.from('GET ', 'latin1')

/**
 * Sends the request to the backend in its row.
 *
 * @param fresh only on a new connection: an idle one has lost the request
 */
export function send(exchange: Exchange, fresh = false): void {
  const { proxy, row } = exchange
  const header = clientHeader(exchange)
  const idle = fresh ? undefined : proxy.pool.take(row, header)
  const upstream = idle ?? connect(exchange, fresh, header)
  if (upstream === undefined) {
    // The backend was removed while the request was on an idle connection of it.
    tryAnother(exchange, 'backend-removed', false)
    return
  }
  upstream.user = exchange
  upstream.state = 'head'
  upstream.onceOnly = !exchange.idempotent
  exchange.upstream = upstream
  exchange.tries++
  if (!upstream.connected) {
    exchange.sentAt = proxy.now()
    setDeadline(exchange, proxy.settings.timeouts.connect)
  } else if (upstream.reused && !exchange.idempotent) sendAfter(checkIdle, exchange, upstream)
  else if (upstream.reused && upstream.mayHoldMore) sendAfter(awaitRest, exchange, upstream)
  else transmit(exchange, upstream)
}

function connect(
  { proxy, row, upgrade, requestBytes }: Exchange,
  fresh: boolean,
  header: string,
): UpstreamConnection<Exchange> | undefined {
  const websocket = upgrade === websocketProtocol && isGet(requestBytes as Buffer)
  return proxy.pool.connect(row, { fresh, upgrade: upgrade !== '', websocket, header })
}

function isGet(requestBytes: Buffer): boolean {
  return requestBytes.subarray(0, getMethod.length).equals(getMethod)
}

/** Sends a request once `check` has found that its idle connection may be used. */
function sendAfter(
  check: typeof checkIdle,
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
): void {
  awaitProgress(exchange)
  check(upstream, (usable) => {
    // The client closed, or the request timed out: the connection was closed with the request.
    if (exchange.upstream !== upstream) return
    if (usable) begin(exchange, upstream)
    else failed(exchange, 'closed-before-response', false)
  })
}

/** Sends the request on a connection that is open, and the part of its body that came in the meantime. */
export function begin(exchange: Exchange, upstream: UpstreamConnection<Exchange>): void {
  upstream.user = exchange
  transmit(exchange, upstream)
  if (exchange.phase === 'request body' && exchange.client.input !== undefined) relayBody(exchange)
}

/** Writes the request to a connection that is open. */
function transmit(exchange: Exchange, upstream: UpstreamConnection<Exchange>): void {
  const { proxy, client } = exchange
  exchange.sentAt = proxy.now()
  exchange.marks?.connected(exchange.sentAt)
  awaitProgress(exchange)
  upstream.socket.write(exchange.requestBytes as Buffer)
  // A write that fails synchronously has sent nothing; one that has sent a part fails later.
  upstream.nothingSent = upstream.writeFailed
  if (upstream.nothingSent) return
  tally(proxy.observe.counters, count.backends + upstream.row)
  if (exchange.phase === 'request body') client.socket.resume()
  else exchange.marks?.written(proxy.now())
}

/**
 * The backend failed before a byte of its response came: tries another one, or replies with the status of `reason`. The steps of a
 * retry: may the request be sent again; if an idle connection had closed, once more to the same backend (`retryFresh`);
 * otherwise the retry budget (`mayRetry`), another backend (`pickAnother`), and `send`.
 */
export function failed(exchange: Exchange, reason: FailureReason, sent: boolean): void {
  const timedOut = failureReasons[reason].status === 504
  const stale = !timedOut && exchange.upstream?.reused === true
  if (!stale) recordFailure(exchange, reason)
  // Without an address nothing was tried: however many names are unknown, the others get their tries.
  if (failureReasons[reason].cause === 'lookup') exchange.tries--
  dropUpstream(exchange)
  // Without the part of its body that was passed on, and is no longer here, a request must not be sent at all.
  const again = exchange.replayable && (!sent || (!timedOut && exchange.idempotent))
  if (again) noteRetry(exchange)
  if (again && stale) retryFresh(exchange)
  else if (again) tryAnother(exchange, reason, sent)
  else failRequest(exchange, reason)
}

/** Notes the time that the request has lost. */
function noteRetry({ proxy, startedAt, marks }: Exchange): void {
  marks?.failed(proxy.now())
  proxy.observe.notePause?.('retry', startedAt * 1e3, proxy.now() * 1e3)
}

/** Sends the request to another backend. If no backend has seen it yet, that needs no retry budget. */
function tryAnother(exchange: Exchange, reason: FailureReason, sent: boolean): void {
  const { proxy } = exchange
  const withinBudget = !sent || exchange.retrying || mayRetry(proxy)
  if (withinBudget && pickAnother(exchange)) {
    tally(proxy.observe.counters, count.retried)
    if (sent) countRetry(exchange)
    send(exchange)
  } else failRequest(exchange, reason)
}

/** Picks a backend that has not had the request yet, if another try is allowed. */
function pickAnother(exchange: Exchange): boolean {
  exchange.tried ??= new Set()
  exchange.tried.add(exchange.row)
  release(exchange)
  return exchange.tries < exchange.proxy.settings.retries.tries && pick(exchange) >= 0
}

/** The idle connection closed as the request was written: no failure of the backend, which gets it once more. */
function retryFresh(exchange: Exchange): void {
  tally(exchange.proxy.observe.counters, count.retried)
  exchange.tries--
  send(exchange, true)
}

/** Counts the request among the retries in flight until it ends. */
function countRetry(exchange: Exchange): void {
  if (exchange.retrying) return
  exchange.retrying = true
  tally(exchange.proxy.observe.counters, count.retrying)
}
