import { connect, isIP, type Socket } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { BackendAddress } from '../config/backend-address.ts'
import type { BackendTls } from '../config/backend-tls-settings.ts'
import { enableTcpKeepAlive } from '../io/tcp-keep-alive.ts'
import { type ConnectContext, socketOptions, writeHeader } from './socket-options.ts'

// Loaded only in a balancer with such backends: it takes memory in every thread.
const tls = () => process.getBuiltinModule('node:tls')

/** Connects to a backend over TLS. `protocols` are offered by ALPN, the preferred one first. */
export function connectTls(
  address: BackendAddress,
  connecting: ConnectContext,
  { verify, context }: { readonly verify: boolean; readonly context: SecureContext },
  protocols: readonly string[],
): TLSSocket {
  const plain = connecting.header === '' ? undefined : connectBelow(address, connecting)
  const socket = tls().connect({
    ...(plain === undefined ? socketOptions(address, connecting) : { socket: plain }),
    servername: serverName(address.host),
    secureContext: context,
    rejectUnauthorized: verify,
    ALPNProtocols: [...protocols],
  })
  // The socket exists only once the name was looked up.
  socket.once('connect', () => enableTcpKeepAlive(socket, connecting.tcpKeepAlive))
  plain?.once('lookup', (...found) => socket.emit('lookup', ...found))
  plain?.on('error', (error) => socket.destroy(error))
  return socket.setNoDelay(true)
}

/** The connection below TLS, which begins with a header in clear text. */
function connectBelow(address: BackendAddress, connecting: ConnectContext): Socket {
  const socket = connect(socketOptions(address, connecting))
  writeHeader(socket, connecting)
  return socket
}

/**
 * The name that is sent as SNI and must be in the certificate, without a trailing dot (RFC 6066, section 3);
 * '' for an address, which must be in the certificate, too.
 */
export function serverName(host: string): string {
  return isIP(host) === 0 ? host.replace(/\.$/, '') : ''
}

/** The certificates that backends may be signed by, read once. */
export function secureContext({ ca }: BackendTls): SecureContext {
  return tls().createSecureContext(ca === undefined ? {} : { ca })
}
