import { dialer } from '../../connect/dialer.ts'
import type { Load } from '../../plan/plan.ts'
import { targetUrl } from '../../plan/target-url.ts'
import { streamsOf } from '../../plan/transport.ts'
import type { ConnectionFacts } from '../connection-facts.ts'
import { addressTurns } from './address-turns.ts'
import { type Connection, type ConnectionListener, http1Connections } from './connection.ts'

/** Makes the connections of one load. */
export interface Connector {
  /**
   * Requests that its connections carry at once: in HTTP/2 each stream of a connection has a `Connection` of its own,
   * which carries one request at a time.
   */
  readonly slots: number
  /** Makes a connection: it opens with its first request, and again after it was closed. */
  connect(listener: ConnectionListener): Connection
  facts(): ConnectionFacts
}

/**
 * Prepares the connections of a load: its names are resolved, its files are read, and its addresses are tried.
 *
 * @throws {UsageError} a name does not resolve, or a file cannot be used
 */
export async function connector(load: Load, url: URL): Promise<Connector> {
  const target = targetUrl(url.href)
  const dial = await dialer(target, load)
  const addresses = await addressTurns(dial, load)
  const options = { load, dial, addresses }
  const connect = load.http2
    ? (await import('./http2-connection.ts')).http2Connections(options)
    : http1Connections(options)
  return {
    slots: load.connections * streamsOf(load),
    connect,
    facts: () => ({ protocol: load.http2 ? 'h2' : 'http/1.1', ...addresses.facts() }),
  }
}
