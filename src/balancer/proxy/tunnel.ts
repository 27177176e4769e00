import { type ClientConnection, clientState, linger, used } from '../downstream/connection.ts'
import { membersOf } from '../http/head.ts'
import { writeInterimHead } from '../http/write-response-head.ts'
import { flush } from '../io/write-buffer.ts'
import { type UpstreamConnection, upstreamState } from '../upstream/connection.ts'
import { answered, firstByte } from './attempt.ts'

/**
 * Turns both connections into a tunnel, if the backend changed to a protocol that the client asked
 * for: RFC 9110, section 7.8. `early` is what the backend sent behind its answer.
 *
 * @returns whether it did
 */
export function openTunnel(
  client: ClientConnection,
  upstream: UpstreamConnection,
  early: Buffer,
): boolean {
  const { lane, request, socket } = client
  const asked = membersOf(request.upgrade)
  if (!asked.includes(lane.response.upgrade.toLowerCase()) || request.upgrade === '') return false
  firstByte(lane, request)
  client.state = clientState.tunnel
  client.deadline = Number.POSITIVE_INFINITY
  upstream.state = upstreamState.tunnel
  writeInterimHead(lane.outbox, lane.response)
  flush(lane.outbox, client)
  if (early.length > 0) tunnelDown(client, upstream, early)
  const { input, at } = client
  if (input !== undefined) {
    used(client, input.length)
    tunnelUp(client, input.subarray(at))
  }
  socket.resume()
  if (client.ended) upstream.socket.end()
  return true
}

/** From the client to the backend. */
export function tunnelUp(client: ClientConnection, bytes: Buffer): void {
  const { upstream } = client.request
  if (upstream !== undefined && !upstream.socket.write(bytes)) client.socket.pause()
}

/** From the backend to the client. What was read into the inbox must be copied to last. */
export function tunnelDown(
  client: ClientConnection,
  upstream: UpstreamConnection,
  bytes: Buffer,
): void {
  if (!client.socket.write(Buffer.from(bytes))) upstream.socket.pause()
}

/** The backend ended the tunnel: what it sent is still delivered. */
export function closeTunnel(client: ClientConnection): void {
  client.request.keepAlive = false
  client.request.upstream = undefined
  answered(client)
  if (client.state !== clientState.closed) linger(client)
}
