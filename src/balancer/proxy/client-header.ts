import { plainAddress } from '../../kit/ip-address.ts'
import { proxyHeader } from '../io/write-proxy-header.ts'
import type { Exchange } from './exchange.ts'

/**
 * The PROXY protocol header, in latin-1, with which the connection of a request to its backend begins; '' for none. The
 * port is 0 where another proxy named the client.
 */
export function clientHeader({ proxy, client, row, address }: Exchange): string {
  const version = proxy.balancing.backends.byRow[row]?.proxyProtocol
  if (version === undefined) return ''
  const { socket } = client.parent ?? client
  const { remotePort = 0, localAddress = '', localPort = 0 } = socket
  const isPeer = address === plainAddress(socket.remoteAddress ?? '')
  return proxyHeader(version, {
    address,
    port: isPeer ? remotePort : 0,
    localAddress: plainAddress(localAddress),
    localPort,
  }).toString('latin1')
}
