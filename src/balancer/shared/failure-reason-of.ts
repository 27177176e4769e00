import type { FailureReason } from './failure-reasons.ts'

/** Errors of this host, none of which says anything about the backend. */
const localErrors: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'EACCES',
  'EPERM',
  'EAGAIN',
  'EINVAL',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
])

const reasonsByCode: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: 'connection-refused',
  // A unix socket that nobody has made.
  ENOENT: 'connection-refused',
  ETIMEDOUT: 'connect-timeout',
  ERR_SOCKET_CONNECTION_TIMEOUT: 'connect-timeout',
  EHOSTUNREACH: 'host-unreachable',
  EHOSTDOWN: 'host-unreachable',
  ENETUNREACH: 'network-unreachable',
  ENETDOWN: 'network-unreachable',
}

/** Codes that OpenSSL and Node give certificates that do not verify. */
const certificateCode =
  /CERT|CRL|ISSUER|LEAF_SIGNATURE|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH/

/**
 * The reason of an error on a connection to a backend, in HTTP/1.1 or HTTP/2.
 *
 * @param phase `connect` until the connection is established, with its TLS handshake
 */
export function failureReasonOf(error: Error, phase: 'connect' | 'exchange'): FailureReason {
  const { code = '', address, failureReason, errors } = error as ConnectError
  // All addresses of a name failed: a failure of the backend says more than one of this host.
  if (errors !== undefined && errors.length > 0) return reasonOfAll(errors)
  if (failureReason !== undefined) return failureReason
  // The queue of a unix socket is full, whose address is a path: its server does not accept. On TCP this host lacks a port.
  if (code === 'EAGAIN' && address?.startsWith('/')) return 'connection-failed'
  if (localErrors.has(code)) return 'local-resources'
  if (phase === 'exchange') return 'reset-before-response'
  return reasonsByCode[code] ?? reasonOfHandshake(code, error.message)
}

/** The fields of errors of node:net, node:tls and of lookups (names/lookup-error.ts). */
interface ConnectError extends Error {
  readonly code?: string
  /** An IP address, or the path of a unix socket. */
  readonly address?: string
  readonly failureReason?: FailureReason
  readonly errors?: readonly Error[]
}

function reasonOfAll(errors: readonly Error[]): FailureReason {
  const reasons = errors.map((error) => failureReasonOf(error, 'connect'))
  const ofBackend = (reason: FailureReason) =>
    reason !== 'local-resources' && reason !== 'network-unreachable'
  return reasons.find(ofBackend) ?? (reasons[0] as FailureReason)
}

function reasonOfHandshake(code: string, message: string): FailureReason {
  if (/^ERR_SSL_.*ALERT/.test(code)) return 'tls-alert'
  // Node's words for a backend that closed within the handshake, with the code ECONNRESET.
  if (/^ERR_SSL_|^EPROTO$/.test(code) || message.includes('secure TLS')) return 'tls-handshake'
  return certificateCode.test(code) ? 'tls-untrusted' : 'connection-failed'
}

/** Characters of a detail. */
const maxDetail = 200

/** The error in one line, without control characters: it may contain text of the backend. */
export function failureDetail(error: Error): string {
  const { message, errors } = error as ConnectError
  const text = message === '' ? (errors?.[0]?.message ?? '') : message
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, maxDetail)
}
