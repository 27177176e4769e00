import { consume } from '../downstream/connection.ts'
import { membersOf } from '../http/head.ts'
import { writeInterimHead } from '../http/write-response-head.ts'
import { flush } from '../io/write-buffer.ts'
import type { UpstreamConnection } from '../upstream/connection.ts'
import type { Exchange } from './exchange.ts'
import { finish } from './finish.ts'
import { recordFirstByte } from './record.ts'

/**
 * Turns both connections into a tunnel, if the backend changed to a protocol that the client asked
 * for, and the request is complete: RFC 9110, section 7.8. `early` are bytes of the tunnel that came behind the response.
 *
 * @returns whether it did
 */
export function openTunnel(
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
  early: Buffer,
): boolean {
  const { proxy, client } = exchange
  const { buffer, responseHead } = proxy.scratch
  const offered = membersOf(exchange.upgrade)
  // What is still to come of the body would be taken for bytes of the tunnel.
  if (exchange.phase !== 'response' || exchange.upgrade === '') return false
  if (!offered.includes(responseHead.upgrade.toLowerCase())) return false
  recordFirstByte(exchange)
  exchange.phase = 'tunnel'
  awaitTraffic(exchange)
  upstream.state = 'tunnel'
  writeInterimHead(buffer, responseHead)
  flush(buffer, client)
  if (early.length > 0) sendToClient(exchange, upstream, early)
  const { input, at } = client
  if (input !== undefined) {
    consume(client, input.length)
    sendToBackend(exchange, input.subarray(at))
  }
  client.socket.resume()
  if (client.ended) upstream.socket.end()
  return true
}

/** Bytes moved: sets the deadline for the next ones. The timeout of the entire request does not apply any more. */
export function awaitTraffic({ proxy, client }: Exchange): void {
  client.deadline = proxy.now() + proxy.settings.timeouts.tunnel
}

/** Passes on bytes from the client. */
export function sendToBackend(exchange: Exchange, bytes: Buffer): void {
  const { client, upstream } = exchange
  awaitTraffic(exchange)
  if (upstream !== undefined && !upstream.socket.write(bytes)) client.socket.pause()
}

/** Passes on bytes from the backend: a copy, since the read buffer is reused. */
export function sendToClient(
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
  bytes: Buffer,
): void {
  awaitTraffic(exchange)
  if (!exchange.client.socket.write(Buffer.from(bytes))) upstream.socket.pause()
}

/** The backend ended the tunnel. All that it sent is still delivered. */
export function closeTunnel(exchange: Exchange): void {
  exchange.keepAlive = false
  exchange.upstream = undefined
  finish(exchange)
}
