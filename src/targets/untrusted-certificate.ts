import { once } from 'node:events'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { dialer } from '../connect/dialer.ts'
import { usableEndpoints } from '../connect/usable-endpoints.ts'
import type { TargetUrl } from '../plan/target-url.ts'
import type { Transport } from '../plan/transport.ts'

/** Codes of the errors for which a certificate is not trusted: those of OpenSSL's verification, and of the name. */
const codes =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_)/

/** Whether an error is that a certificate is not trusted. */
export function isUntrusted({ code = '' }: NodeJS.ErrnoException): boolean {
  return codes.test(code)
}

/** The certificate that a server shows, in a few words: `CN=shop.test, issued by CN=Test CA, valid until Jan 1 2030`. */
export async function certificateOf(
  target: TargetUrl,
  transport: Transport,
  signal: AbortSignal,
): Promise<string | undefined> {
  const dial = await dialer(target, { ...transport, insecure: true })
  const { usable } = await usableEndpoints(dial.endpoints)
  const socket = dial.open(usable[0]) as TLSSocket
  try {
    await once(socket, 'secureConnect', { signal })
    return inWords(socket.getPeerCertificate())
  } catch {
    return undefined
  } finally {
    socket.destroy()
  }
}

function inWords({ subject, issuer, valid_to: until }: PeerCertificate): string | undefined {
  if (subject === undefined) return undefined
  return `${nameIn(subject)}, issued by ${nameIn(issuer)}, valid until ${until}`
}

function nameIn(name: PeerCertificate['subject'] | undefined): string {
  const { CN, O } = name ?? {}
  return CN !== undefined ? `CN=${CN}` : O !== undefined ? `O=${O}` : 'an unnamed subject'
}
