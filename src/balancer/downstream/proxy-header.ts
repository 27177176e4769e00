import type { Socket } from 'node:net'
import { readProxyHeader } from '../io/read-proxy-header.ts'
import { count, tally } from '../shared/counters.ts'
import { clientInfo, trustedBy } from './client-info.ts'
import { type ClientConnection, destroyConnection } from './connection.ts'

/** Whether the connection begins with a PROXY protocol header: from trusted proxies only, if there are any. */
export function expectsProxyHeader<User>({ context, info }: ClientConnection<User>): boolean {
  const { proxyProtocol, trustedProxies } = context.settings
  if (!proxyProtocol) return false
  return trustedProxies.length === 0 || trustedBy(context.settings)(info.address)
}

/**
 * Reads the PROXY protocol header of a connection, whose client is the one in the header from then on, and calls
 * `then`. The bytes behind the header are still in `socket`. The time limit of the first head includes it. A connection
 * that begins in another way is closed: its client cannot be told apart from one that forges the header.
 */
export function readHeader<User>(
  client: ClientConnection<User>,
  socket: Socket,
  then: () => void,
): void {
  client.state = 'proxy header'
  let received = Buffer.alloc(0)
  const onEnd = () => destroyConnection(client)
  const onData = (bytes: Buffer) => {
    received = Buffer.concat([received, bytes])
    const header = readProxyHeader(received)
    if (header === 'partly' || client.state === 'closed') return
    if (header === 'malformed') {
      tally(client.context.observe.counters, count.refused)
      destroyConnection(client)
      return
    }
    socket.pause()
    socket.off('data', onData).off('end', onEnd).off('error', onEnd).off('close', onEnd)
    if (header.length < received.length) socket.unshift(received.subarray(header.length))
    const { address = client.info.address } = header
    client.info = clientInfo(client.context.settings, { ...client.info, address })
    client.state = 'head'
    then()
  }
  socket.on('data', onData).on('end', onEnd).on('error', onEnd).on('close', onEnd)
  socket.resume()
}
