import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Identity } from '../config/tls-identity.ts'
import { beginAt, openClient, serve } from './accept.ts'
import { clientCertificate } from './client-certificate.ts'
import { clientInfo } from './client-info.ts'
import { type ClientConnection, type DownstreamContext, destroyConnection } from './connection.ts'
import { startSession } from './http2/session.ts'
import { contextsByName, type TlsContexts } from './tls-contexts.ts'

/** An `accept` for connections over TLS. */
export function acceptTls(identity: Identity) {
  const contexts = contextsByName(identity)
  return <User>(context: DownstreamContext<User>, plain: Socket): void => {
    // The timeout of the first head includes the handshake: it starts here.
    const client = openClient(context, plain, 'https')
    beginAt(client, plain, () => startTls(client, plain, { identity, contexts }))
  }
}

/** A TLS server: its rules, and its contexts. */
interface TlsServer {
  readonly identity: Identity
  readonly contexts: TlsContexts
}

function startTls<User>(
  client: ClientConnection<User>,
  plain: Socket,
  { identity, contexts }: TlsServer,
): void {
  const asksClient = identity.clientCa !== undefined
  const secure = new TLSSocket(plain, {
    isServer: true,
    secureContext: contexts.first,
    SNICallback: contexts.choose,
    requestCert: asksClient,
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
    if (asksClient && !takeCertificate(client, secure, identity)) destroyConnection(client)
    else if (secure.alpnProtocol === 'h2') startSession(client, secure)
  })
}

/** Whether the client may go on with its certificate, or without one; its subject goes to backends from now on. */
function takeCertificate<User>(
  client: ClientConnection<User>,
  secure: TLSSocket,
  { verify }: Identity,
): boolean {
  const found = clientCertificate(secure)
  if (found === 'not verified' || (found === 'none' && verify === 'require')) return false
  if (found === 'none') return true
  const subject = { name: '', value: found.subject }
  client.info = clientInfo(client.context.settings, { ...client.info, subject })
  return true
}
