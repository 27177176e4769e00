import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { beginAt, openClient, serve } from './accept.ts'
import type { ClientConnection, DownstreamContext } from './connection.ts'
import { startSession } from './http2/session.ts'
import type { Identity } from './tls-identity.ts'

/** An `accept` for connections over TLS. */
export function acceptTls({ certificate, key, ticketKeys }: Identity) {
  const secureContext = createSecureContext({
    cert: certificate,
    key,
    minVersion: 'TLSv1.2',
    honorCipherOrder: true,
    ticketKeys: Buffer.from(ticketKeys),
    // A session is resumed only by a server with the same id context.
    sessionIdContext: 'lb',
  })
  return <User>(context: DownstreamContext<User>, plain: Socket): void => {
    // The timeout of the first head includes the handshake: it starts here.
    const client = openClient(context, plain, 'https')
    beginAt(client, plain, () => startTls(client, plain, secureContext))
  }
}

function startTls<User>(
  client: ClientConnection<User>,
  plain: Socket,
  secureContext: SecureContext,
): void {
  const secure = new TLSSocket(plain, {
    isServer: true,
    secureContext,
    ALPNProtocols: ['h2', 'http/1.1'],
  })
  // Only the connection below can be reset.
  secure.resetAndDestroy = () => {
    plain.resetAndDestroy()
    return secure.destroy()
  }
  serve(client, secure)
  // tls.Server does these two; it cannot be used, since it hides the socket below.
  secure.on('_tlsError', () => secure.destroy())
  secure.once('secure', () => {
    Object.assign(secure, { secureConnecting: false })
    if (secure.alpnProtocol === 'h2') startSession(client, secure)
  })
}
