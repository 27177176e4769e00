import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import { z } from 'zod'
import type { BackendAddress } from './backend-address.ts'

/** How the certificates of backends at `https://` addresses are looked at. */
export const backendTlsSettings = z.strictObject({
  /** A file of certificates, in PEM, that backends may be signed by; left out: the well-known ones. */
  ca: z.string().transform(readCertificates).optional(),
  /** Whether a certificate must be signed by one of them, and name the backend. */
  verify: z.boolean().default(true),
})

/** The same, with the certificates themselves. */
export type BackendTls = z.output<typeof backendTlsSettings>

// Only a balancer with such backends pays for it.
const tls = () => process.getBuiltinModule('node:tls')

function readCertificates(path: string, context: z.RefinementCtx): string {
  try {
    const text = readFileSync(path, 'latin1')
    new X509Certificate(text)
    return text
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read as certificates: ${message}`
    context.addIssue({ code: 'custom', message: `"${path}" ${why}` })
    return z.NEVER
  }
}

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
