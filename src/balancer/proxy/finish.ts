import { awaitRequest } from '../downstream/await-request.ts'
import { destroyConnection, hasInput, linger, moveConnection } from '../downstream/connection.ts'
import { readRequests } from '../downstream/receive.ts'
import { count, tally } from '../shared/counters.ts'
import type { FailureReason } from '../shared/failure-reasons.ts'
import { discard } from '../upstream/connection.ts'
import type { Exchange } from './exchange.ts'
import { release } from './in-flight.ts'
import { log, measure } from './record.ts'

/** The response is written in full: the connection goes on with the next request, or ends. */
export function finish(exchange: Exchange): void {
  const { proxy, client, phase } = exchange
  const now = proxy.now()
  tally(proxy.observe.counters, count.answered)
  // Only now, since a backend whose responses break off must not count as healthy.
  if (exchange.responseStarted) {
    proxy.balancing.passive.recordResponse(exchange.row, exchange.status, now)
  }
  exchange.marks?.finished(now, client.socket.writableLength === 0)
  measure(exchange, now)
  log(exchange, now)
  end(exchange)
  if (!exchange.keepAlive || phase !== 'response') {
    linger(client)
    return
  }
  client.state = 'head'
  if (proxy.replacement !== undefined) moveConnection(client, proxy.replacement)
  awaitRequest(client)
  if (hasInput(client) || client.ended) readRequests(client)
}

/**
 * Breaks off the exchange, which ends the work of its backend, and the client's connection; with `reset` the
 * client cannot take the bytes that it got for a complete response.
 */
export function abort(exchange: Exchange, reason: FailureReason, reset = false): void {
  const { proxy, client } = exchange
  exchange.marks?.drop()
  if (exchange.phase !== 'idle') {
    exchange.reason = reason
    tally(proxy.observe.counters, count.aborted)
    proxy.observe.metrics?.recordLocalFailure(reason)
    log(exchange, proxy.now())
    dropUpstream(exchange)
    end(exchange)
  }
  destroyConnection(client, reset)
}

/** Closes the connection to the backend, if the exchange still has one. */
export function dropUpstream(exchange: Exchange): void {
  const { upstream } = exchange
  exchange.upstream = undefined
  if (upstream !== undefined) discard(upstream)
}

/** Releases all that the request holds. */
function end(exchange: Exchange): void {
  const { counters } = exchange.proxy.observe
  release(exchange)
  tally(counters, count.active, -1)
  if (exchange.retrying) tally(counters, count.retrying, -1)
  exchange.phase = 'idle'
  exchange.retrying = false
  exchange.requestBytes = undefined
  exchange.tried = undefined
  exchange.chunks = undefined
  dropUpstream(exchange)
}
