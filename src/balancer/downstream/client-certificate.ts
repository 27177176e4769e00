import type { PeerCertificate, TLSSocket } from 'node:tls'

/** The certificate of a client: `none` where it sent none. */
type ClientCertificate = 'none' | 'not verified' | { readonly subject: string }

/**
 * The certificate that a client sent in a handshake that is complete. Node verifies it, but reports the result only to
 * `tls.Server`, which reads it where this does: from the handle of the socket.
 */
export function clientCertificate(socket: TLSSocket): ClientCertificate {
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate()
  if (certificate.raw === undefined) return 'none'
  const { ssl } = socket as { readonly ssl?: { verifyError?(): Error | null | undefined } }
  // Without a result it is not verified.
  const error = ssl?.verifyError === undefined ? new Error('unknown') : ssl.verifyError()
  return error ? 'not verified' : { subject: subjectText(certificate.subject) }
}

/**
 * A subject in the form of RFC 4514, the most specific name first: `CN=alice,O=Example`. Characters that have a meaning
 * there are escaped, and those that a header field cannot carry are percent-encoded.
 */
function subjectText(subject: object | undefined): string {
  return Object.entries(subject ?? {})
    .flatMap(([type, value]) => [value].flat().map((one) => `${type}=${escaped(String(one))}`))
    .toReversed()
    .join(',')
}

function escaped(value: string): string {
  return value
    .replace(/[\\,+"<>;=]|^[ #]| $/g, '\\$&')
    .replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character))
}
