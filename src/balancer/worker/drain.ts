import { hasInput } from '../downstream/connection.ts'
import type { ProxyContext } from '../proxy/context.ts'
import type { Exchange } from '../proxy/exchange.ts'

/**
 * Seconds for which an idle connection stays open while draining: a request that is already on its way still
 * gets its response, with `Connection: close`.
 */
const idleTimeout = 0.5
/** Milliseconds between two checks whether all clients have disconnected. */
const pollIntervalMs = 20

/** Stops the data path without breaking off any request, and calls `done` when no connection is left. */
export function drain(proxy: ProxyContext<Exchange>, done: () => void): void {
  proxy.draining = true
  proxy.pool.drain()
  const idleUntil = proxy.now() + idleTimeout
  for (const client of proxy.clients) {
    client.session?.close()
    if (client.state === 'proxy header' || (client.state === 'head' && !hasInput(client))) {
      client.deadline = Math.min(client.deadline, idleUntil)
    }
  }
  const polling = setInterval(() => {
    if (proxy.clients.size > 0) return
    clearInterval(polling)
    done()
  }, pollIntervalMs)
}
