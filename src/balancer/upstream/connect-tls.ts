import { isIP } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { BackendAddress } from '../config/backend-address.ts'
import type { BackendTls } from '../config/backend-tls-settings.ts'

// Only a balancer with such backends pays for it.
const tls = () => process.getBuiltinModule('node:tls')

/** Connects to a backend over TLS, to speak one of `protocols`, the first of which it is best to have. */
export function connectSecurely(
  { host, port }: BackendAddress,
  { verify, context }: { readonly verify: boolean; readonly context: SecureContext },
  protocols: readonly string[],
): TLSSocket {
  const socket = tls().connect({
    host,
    port,
    // A name is told to the backend, and its certificate must show it; an address must be in it.
    servername: isIP(host) === 0 ? host : '',
    secureContext: context,
    rejectUnauthorized: verify,
    ALPNProtocols: [...protocols],
  })
  return socket.setNoDelay(true)
}

/** The certificates that backends may be signed by, read once. */
export function secureContext({ ca }: BackendTls): SecureContext {
  return tls().createSecureContext(ca === undefined ? {} : { ca })
}
