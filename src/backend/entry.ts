import { type AddressInfo, createServer } from 'node:net'
import { listen } from '../kit/listen.ts'
import { type Backend, backlog } from './backend.ts'

/** A backend, and its share of the connections relative to the others. */
export interface WeightedBackend {
  readonly backend: Pick<Backend, 'accept'>
  readonly weight: number
}

/** A port whose connections go to all backends of a process. */
export interface Entry {
  readonly port: number
  /** Closes the port; the connections end with their backends. */
  stop(): void
}

/**
 * Opens a port whose connections go to the backends in turn, in proportion to their weights: so a load without
 * a balancer uses all of them, by any driver, which knows one address. Several processes may share the port; the kernel
 * then divides the connections among them.
 *
 * @throws UsageError when the port cannot be listened on
 */
export async function openEntry(
  backends: readonly WeightedBackend[],
  { host = '127.0.0.1', port }: { readonly host?: string; readonly port: number },
): Promise<Entry> {
  const next = turns(backends)
  const server = createServer({ noDelay: true }, (socket) => next().backend.accept(socket))
  await listen(server, { host, port, backlog, reusePort: true }, 'the entry')
  return { port: (server.address() as AddressInfo).port, stop: () => void server.close() }
}

/** Smooth weighted turns, as in nginx: weights 5, 1, 1 give a a b a c a a. */
function turns(backends: readonly WeightedBackend[]): () => WeightedBackend {
  const credits = backends.map(() => 0)
  const total = backends.reduce((sum, { weight }) => sum + weight, 0)
  return () => {
    let chosen = 0
    for (const [i, { weight }] of backends.entries()) {
      credits[i] = (credits[i] as number) + weight
      if ((credits[i] as number) > (credits[chosen] as number)) chosen = i
    }
    credits[chosen] = (credits[chosen] as number) - total
    return backends[chosen] as WeightedBackend
  }
}
