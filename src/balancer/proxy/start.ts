import type { BalancerSettings } from '../config/config.ts'
import { trustedBy } from '../downstream/client-info.ts'
import { chunks } from '../http/chunks.ts'
import { forwardedClient } from '../http/forwarded-client.ts'
import { framing } from '../http/framing.ts'
import { indexOfName, valueAt } from '../http/head.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { ConnectionInfo } from '../http/write-origin.ts'
import { writeRequestHead } from '../http/write-request-head.ts'
import { count, tally } from '../shared/counters.ts'
import { type FailureReason, failureReasons } from '../shared/failure-reasons.ts'
import { send } from './attempt.ts'
import type { Exchange } from './exchange.ts'
import { pick } from './in-flight.ts'
import { failRequest, refuseRequest, rejectRateLimited, replyLocally } from './local-reply.ts'
import { takeBody } from './request-body.ts'
import { targetOf } from './request-key.ts'

/** Methods whose requests may be repeated: RFC 9110, section 9.2.2. */
const idempotentMethods = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])

/** Starts to serve the request in `scratch.requestHead`: picks a backend and sends it there. */
export function startRequest(exchange: Exchange): void {
  const { proxy } = exchange
  const { requestHead } = proxy.scratch
  const { counters } = proxy.observe
  const { key, limiter } = proxy.limits
  tally(counters, count.requests)
  tally(counters, count.active)
  reset(exchange, requestHead)
  if (limiter?.admits(exchange.address, exchange.startedAt) === false) {
    rejectRateLimited(exchange, limiter.headerFields())
    return
  }
  if (requestHead.maxForwards === 0) {
    // The balancer is the final recipient: RFC 9110, section 7.6.2.
    const supported = requestHead.method === 'OPTIONS'
    if (!supported) exchange.reason = 'not-implemented'
    replyLocally(exchange, supported ? 200 : failureReasons['not-implemented'].status)
    return
  }
  if (key === undefined) exchange.key = exchange.address
  else {
    exchange.key = key(exchange.address)
    if (exchange.key === '') tally(counters, count.keyless)
  }
  const row = pick(exchange)
  if (row < 0) {
    failRequest(exchange, 'no-eligible-backend')
    return
  }
  const refusal = serialize(exchange, requestHead)
  exchange.marks?.picked(proxy.now())
  if (refusal === undefined) send(exchange)
  else refuseRequest(exchange, refusal)
}

/**
 * Writes the request as it is sent to the backend, with the part of its body that has come.
 *
 * @returns why to refuse it, if it must be
 */
function serialize(exchange: Exchange, requestHead: RequestHead): FailureReason | undefined {
  const { proxy, client, row } = exchange
  const { buffer } = proxy.scratch
  const backend = proxy.balancing.backends.byRow[row] as { readonly hostField: string }
  buffer.length = 0
  writeRequestHead(buffer, requestHead, { info: client.info, fallbackHost: backend.hostField })
  const refusal = exchange.phase === 'request body' ? takeBody(exchange, buffer) : undefined
  const requestBytes = Buffer.allocUnsafe(buffer.length)
  buffer.bytes.copy(requestBytes, 0, 0, buffer.length)
  buffer.length = 0
  exchange.requestBytes = requestBytes
  return refusal
}

/** Sets the record to a new request. Takes from its head all that is needed later: the next head replaces it. */
function reset(exchange: Exchange, head: RequestHead): void {
  const { proxy, client } = exchange
  const { body } = head
  exchange.address = addressOf(client.info, head, proxy.settings)
  exchange.replayable = true
  exchange.idempotent = idempotentMethods.has(head.method)
  exchange.toHead = head.method === 'HEAD'
  exchange.minor = head.minor
  exchange.keepAlive = head.keepAlive
  exchange.expectsContinue = head.expectsContinue && client.input === undefined
  exchange.acceptsTrailers = head.acceptsTrailers
  exchange.upgrade = head.upgrade
  exchange.left = body.length
  exchange.chunks = body.kind === framing.chunked ? chunks(head.named) : undefined
  exchange.bodyBytes = 0
  exchange.tries = 0
  const now = proxy.now()
  exchange.startedAt = now
  proxy.lastRequestAt = now
  exchange.marks?.begin(client.headAt, now)
  client.headAt = Number.POSITIVE_INFINITY
  exchange.bodyUntil = now + proxy.settings.timeouts.idle
  exchange.until = now + (proxy.settings.timeouts.request ?? Number.POSITIVE_INFINITY)
  exchange.status = 0
  exchange.reason = undefined
  exchange.backend = ''
  exchange.responseBytes = 0
  exchange.interims = 0
  if (proxy.observe.log !== undefined) {
    const { fields } = proxy.observe.log
    exchange.method = head.method
    exchange.target = targetOf(head)
    exchange.fields = fields.length === 0 ? fields : fields.map((name) => loggedValue(head, name))
  }
  exchange.responseStarted = false
  const noBody = exchange.left === 0 && exchange.chunks === undefined
  exchange.phase = noBody ? 'response' : 'request body'
}

/** The value of a field for the access log. The host of an absolute target overrides Host: RFC 9112, section 3.2.2. */
function loggedValue({ head, authority }: RequestHead, name: string): string {
  if (name === 'host' && authority !== '') return authority
  const index = indexOfName(head, name)
  return index < 0 ? '' : valueAt(head, index)
}

/** The address of the client, which is another one behind a trusted proxy. */
function addressOf(
  { address, trusted }: ConnectionInfo,
  { head }: RequestHead,
  settings: BalancerSettings,
): string {
  return trusted ? forwardedClient(head, address, trustedBy(settings)) : address
}
