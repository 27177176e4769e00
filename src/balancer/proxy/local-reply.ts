import { localBody, localResponse } from '../http/local-response.ts'
import { count, tally } from '../shared/counters.ts'
import { type FailureReason, failureReasons } from '../shared/failure-reasons.ts'
import { proxyStatusOf } from '../shared/proxy-status-of.ts'
import type { Exchange } from './exchange.ts'
import { abort, dropUpstream, finish } from './finish.ts'

const failureCounts: Readonly<Record<number, number>> = {
  502: count.badGateway,
  503: count.unavailable,
  504: count.gatewayTimeout,
}

/** Replies that the backends failed, or that none is eligible. */
export function failRequest(exchange: Exchange, reason: FailureReason): void {
  const { status } = failureReasons[reason]
  exchange.reason = reason
  tally(exchange.proxy.observe.counters, failureCounts[status] as number)
  replyLocally(exchange, status)
}

/** Refuses a request for its body, which is malformed, too large or too slow. */
export function refuseRequest(exchange: Exchange, reason: FailureReason): void {
  exchange.reason = reason
  if (exchange.responseStarted) {
    abort(exchange, reason, true)
    return
  }
  tally(exchange.proxy.observe.counters, count.refused)
  exchange.keepAlive = false
  replyLocally(exchange, failureReasons[reason].status)
}

/** Replies to a client that exceeded the rate limit. `fields` say when it may send the next request. */
export function rejectRateLimited(exchange: Exchange, fields: string): void {
  tally(exchange.proxy.observe.counters, count.limited)
  exchange.reason = 'rate-limited'
  replyLocally(exchange, 429, fields)
}

/** Replies to a request without a backend. */
export function replyLocally(exchange: Exchange, status: number, fields?: string): void {
  const { proxy, client, phase } = exchange
  dropUpstream(exchange)
  exchange.keepAlive &&= phase === 'response' && !proxy.draining
  const { keepAlive, toHead } = exchange
  exchange.status = status
  exchange.responseBytes = toHead ? 0 : localBody(status).length
  const proxyStatus = exchange.reason && proxyStatusOf(proxy.settings, exchange.reason)
  client.socket.write(localResponse(status, { keepAlive, toHead, fields, proxyStatus }))
  finish(exchange)
}
