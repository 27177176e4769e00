import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Dialer } from '../../connect/dialer.ts'
import type { Endpoint } from '../../connect/endpoints.ts'
import { usableEndpoints } from '../../connect/usable-endpoints.ts'
import type { ConnectionFacts } from '../connection-facts.ts'

/** One address of a target, with the counts of its connections and requests. */
export interface Address {
  readonly endpoint: Endpoint
  opened: number
  responses: number
  failed: number
}

/** The addresses of a target: connections go to all of them in turn. */
export interface AddressTurns {
  /** The address of the next connection. */
  next(): Address
  /** A connection to an address was established, over TLS after its handshake. */
  opened(address: Address, socket: Socket): void
  facts(): Pick<ConnectionFacts, 'addresses' | 'tls'>
}

/**
 * The turns of the addresses that accept connections now. `seed` decides which is the first: drivers of a fleet, whose
 * seeds differ, do not all begin with the same one.
 */
export async function addressTurns(
  { endpoints, secure }: Pick<Dialer, 'endpoints' | 'secure'>,
  { seed, insecure = false }: { readonly seed: number; readonly insecure?: boolean | undefined },
): Promise<AddressTurns> {
  const { usable, unreachable } = await usableEndpoints(endpoints)
  const all = usable.map((endpoint): Address => {
    return { endpoint, opened: 0, responses: 0, failed: 0 }
  })
  const negotiated = new Map<string, number>()
  let turn = Math.abs(seed) % all.length
  let resumed = 0
  const negotiatedOn = (socket: TLSSocket): void => {
    const name = `${socket.getProtocol()} ${socket.getCipher().name}`
    negotiated.set(name, (negotiated.get(name) ?? 0) + 1)
    if (socket.isSessionReused()) resumed++
  }
  return {
    next() {
      const address = all[turn] as Address
      turn = (turn + 1) % all.length
      return address
    },
    opened(address, socket) {
      address.opened++
      if (secure) negotiatedOn(socket as TLSSocket)
    },
    facts() {
      const used = all.map(({ endpoint, ...counts }) => [endpoint.name, counts] as const)
      const left = Object.entries(unreachable).map(
        ([name, error]) =>
          [name, { opened: 0, responses: 0, failed: 0, unreachable: error }] as const,
      )
      return {
        addresses: Object.fromEntries([...used, ...left]),
        ...(secure && {
          tls: { checked: !insecure, resumed, negotiated: Object.fromEntries(negotiated) },
        }),
      }
    },
  }
}
