import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { ProxyContext } from '../proxy/context.ts'
import { accept } from './receive.ts'
import type { Identity } from './tls-identity.ts'

/** Serves connections over TLS, as the server that `identity` says. */
export function acceptTls({ certificate, key, ticketKeys }: Identity) {
  const secureContext = createSecureContext({
    cert: certificate,
    key,
    minVersion: 'TLSv1.2',
    honorCipherOrder: true,
    ticketKeys: Buffer.from(ticketKeys),
    // Sessions are resumed only in the server that they were made in.
    sessionIdContext: 'lb',
  })
  return (lane: ProxyContext, plain: Socket): void => {
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
    // The time for a head is the time for the handshake, too: it starts here.
    const client = accept(lane, secure, 'https')
    // As Node's own server does, which keeps the socket below to itself.
    secure.on('_tlsError', () => secure.destroy())
    secure.once('secure', () => {
      Object.assign(secure, { secureConnecting: false })
      if (secure.alpnProtocol === 'h2') lane.openSession(client)
    })
  }
}
