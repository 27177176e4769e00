import { awaitRequest } from '../downstream/await-request.ts'
import { hasInput } from '../downstream/connection.ts'
import type { ProxyContext } from '../proxy/context.ts'
import type { Exchange } from '../proxy/exchange.ts'

/** Milliseconds between two checks whether all clients have disconnected. */
const pollIntervalMs = 20

/** Stops the data path without breaking off any request, and calls `done` when no connection is left. */
export function drain(proxy: ProxyContext<Exchange>, done: () => void): void {
  proxy.draining = true
  proxy.pool.drain()
  for (const client of proxy.clients) {
    client.session?.close()
    if (client.state === 'proxy header' || (client.state === 'head' && !hasInput(client))) {
      const { deadline } = client
      awaitRequest(client)
      client.deadline = Math.min(client.deadline, deadline)
    }
  }
  const polling = setInterval(() => {
    if (proxy.clients.size > 0) return
    clearInterval(polling)
    done()
  }, pollIntervalMs)
}
