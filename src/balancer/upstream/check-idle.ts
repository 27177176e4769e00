import { type ClientConnection, clientState } from '../downstream/connection.ts'
import { awaitMore, failed, transmit } from '../proxy/attempt.ts'
import { relayBody } from '../proxy/request-body.ts'
import type { UpstreamConnection } from './connection.ts'
import { hasNoUnreadData } from './has-unread-data.ts'

/**
 * Sends a request that may not be sent twice on a connection that was idle. The backend may have closed
 * that already: the write would succeed, and the request be lost. So the event loop first sees what has
 * come: one round ends what it is at, the next reads all connections. Until then the connection counts
 * as one that does not stand and works for nobody, so that a body waits, and what comes is no answer.
 * What came since that round began, of which a busy loop has plenty, the kernel is asked for.
 */
export function checkIdle(client: ClientConnection, upstream: UpstreamConnection): void {
  const { request } = client
  upstream.client = undefined
  upstream.connected = false
  awaitMore(client)
  const goOn = () => {
    // The client gave up, or waited too long: the connection was closed with its request.
    if (request.upstream !== upstream) return
    upstream.connected = true
    if (upstream.gone || !hasNoUnreadData(upstream.socket)) failed(client, 502, false)
    else begin(client, upstream)
  }
  setImmediate(() => setImmediate(goOn))
}

/** Sends the request on a connection that stands, with what came of its body meanwhile. */
export function begin(client: ClientConnection, upstream: UpstreamConnection): void {
  upstream.client = client
  transmit(client, upstream)
  if (client.state === clientState.body && client.input !== undefined) relayBody(client)
}
