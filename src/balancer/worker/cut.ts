import { destroyConnection, hasInput } from '../downstream/connection.ts'
import type { ProxyContext } from '../proxy/context.ts'
import type { Exchange } from '../proxy/exchange.ts'
import { abort } from '../proxy/finish.ts'
import type { FailureReason } from '../shared/failure-reasons.ts'

/**
 * Cuts all connections. What is in the middle of something is reset, so that no client takes it for complete; each
 * request in flight is logged with `reason`.
 */
export function cutConnections({ clients }: ProxyContext<Exchange>, reason: FailureReason): void {
  // The streams of a connection before the connection, which would take them along.
  const streamsFirst = [...clients].sort((a, b) => order(a.parent) - order(b.parent))
  for (const client of streamsFirst) {
    if (client.state === 'exchange') {
      abort(client.user, reason, true)
      continue
    }
    const idle = client.state === 'head' && !hasInput(client)
    const done = client.state === 'lingering' || client.state === 'proxy header' || idle
    destroyConnection(client, !done || client.socket.writableLength > 0)
  }
}

function order(parent: unknown): 0 | 1 {
  return parent === undefined ? 1 : 0
}
