import type { UpstreamConnection, UpstreamEvents } from '../upstream/connection.ts'
import { begin, failed } from './attempt.ts'
import type { Exchange } from './exchange.ts'
import { abort } from './finish.ts'
import { failRequest } from './local-reply.ts'
import { recordFailure } from './record.ts'
import { bodyClosed, readResponse } from './response.ts'
import { closeTunnel, sendToClient } from './tunnel.ts'

/** Events of backends' connections, for the exchange that uses each. */
export const upstreamEvents: UpstreamEvents<Exchange> = {
  connected(upstream) {
    const { user: exchange } = upstream
    if (exchange === undefined) return
    noteConnect(exchange)
    begin(exchange, upstream)
  },
  data(upstream, bytes) {
    const { user: exchange } = upstream
    if (exchange === undefined) return
    if (upstream.state === 'tunnel') sendToClient(exchange, upstream, bytes)
    else readResponse(exchange, upstream, bytes)
  },
  writable({ user: exchange, writeFailed }) {
    if (exchange !== undefined && !writeFailed) exchange.client.socket.resume()
  },
  writeFailed({ user: exchange }) {
    // The rest of a body cannot be sent. Bytes behind the request are read as usual.
    if (exchange?.phase === 'request body') exchange.client.socket.pause()
  },
  closed(upstream, clean) {
    const { user: exchange } = upstream
    if (exchange !== undefined) closed(exchange, upstream, clean)
  },
}

/** Milliseconds from which on the opening of a connection is noted. */
const slowConnectMs = 1

function noteConnect({ proxy, sentAt }: Exchange): void {
  const { notePause } = proxy.observe
  if (notePause === undefined) return
  const nowMs = proxy.now() * 1e3
  if (nowMs - sentAt * 1e3 >= slowConnectMs) notePause('connect', sentAt * 1e3, nowMs)
}

/**
 * A backend closed its connection, or died, while a request was on it. Before the first byte of the response: a retry
 * if one is allowed, otherwise 502 (`failed` in attempt.ts). In the middle of a response: after a partial head, 502
 * without a retry; within the body, `bodyClosed` in response.ts. An upgraded connection is closed on both sides.
 */
function closed(exchange: Exchange, upstream: UpstreamConnection<Exchange>, clean: boolean): void {
  const { state, partialHead, connected, nothingSent } = upstream
  const reason = upstream.reason ?? (connected ? 'closed-before-response' : 'connection-failed')
  switch (state) {
    case 'tunnel':
      if (clean) closeTunnel(exchange)
      // Nothing in a tunnel shows that it broke off, but a reset.
      else abort(exchange, 'tunnel-broken', true)
      break
    case 'body':
      bodyClosed(exchange, upstream, clean)
      break
    case 'idle':
    case 'head':
      if (partialHead === undefined) failed(exchange, reason, connected && !nothingSent)
      else {
        recordFailure(exchange, reason)
        failRequest(exchange, reason)
      }
      break
    default:
      state satisfies never
  }
}
