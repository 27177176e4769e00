import { createSecureContext, type SecureContext } from 'node:tls'
import { type Identity, plainName } from '../config/tls-identity.ts'

/** The TLS contexts of a server: one for each certificate. */
export interface TlsContexts {
  /** For clients that send no name. */
  readonly first: SecureContext
  /** Chooses by the server name that a client sent: SNI, RFC 6066, section 3. */
  choose(name: string, done: (error: Error | null, context?: SecureContext) => void): void
}

/** The contexts of `identity`: an exact name goes before a wildcard, which stands for one label, and any other gets the first. */
export function contextsByName({
  certificates,
  clientCa,
  minVersion,
  ticketKeys,
}: Identity): TlsContexts {
  const byName = new Map<string, SecureContext>()
  const contexts = certificates.map(({ names, certificate, key }) => {
    const context = createSecureContext({
      cert: certificate,
      key,
      ...(clientCa !== undefined && { ca: clientCa }),
      minVersion,
      honorCipherOrder: true,
      ticketKeys: Buffer.from(ticketKeys),
      // A session is resumed only by a server with the same id context.
      sessionIdContext: 'lb',
    })
    for (const name of names) if (!byName.has(name)) byName.set(name, context)
    return context
  })
  const first = contexts[0] as SecureContext
  return {
    first,
    choose(typed, done) {
      const name = plainName(typed)
      const wildcard = `*${name.slice(name.indexOf('.'))}`
      done(null, byName.get(name) ?? byName.get(wildcard) ?? first)
    },
  }
}
