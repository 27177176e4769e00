import type { Exchange } from './exchange.ts'
import { refuseRequest } from './local-reply.ts'

/**
 * Refuses a request whose body comes more slowly than `limits.bodyRate`, on average and after `timeouts.idle` seconds:
 * a byte now and then would hold a connection on both sides for as long as a client wants. Time in which the backend
 * is waited for does not count, and once the response has begun, both sides may stream at any pace.
 *
 * @param elapsed seconds since the last check
 */
export function checkBodyRate(exchange: Exchange, now: number, elapsed: number): void {
  const { proxy, client, responseStarted, expectsContinue, bodyBytes } = exchange
  const { bodyRate } = proxy.settings.limits
  if (bodyRate === 0 || responseStarted) return
  const waitsForBackend = client.socket.isPaused() || (expectsContinue && bodyBytes === 0)
  if (waitsForBackend) exchange.bodyUntil += elapsed
  else if (exchange.bodyUntil + bodyBytes / bodyRate <= now) {
    refuseRequest(exchange, 'request-body-timeout')
  }
}
