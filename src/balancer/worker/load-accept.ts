import type { Socket } from 'node:net'
import { accept } from '../downstream/accept.ts'
import type { ProxyContext } from '../proxy/context.ts'
import type { Exchange } from '../proxy/exchange.ts'
import type { WorkerOptions } from './worker-options.ts'

/** How connections are accepted. TLS is loaded only if it is needed: it takes memory in every thread. */
export async function loadAccept({
  identity,
}: WorkerOptions): Promise<(proxy: ProxyContext<Exchange>, socket: Socket) => unknown> {
  if (identity === undefined) return accept
  const { acceptTls } = await import('../downstream/accept-tls.ts')
  return acceptTls(identity)
}
