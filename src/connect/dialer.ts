import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectSecurely,
  createSecureContext,
} from 'node:tls'
import { hostOf, type TargetUrl } from '../plan/target-url.ts'
import type { Transport } from '../plan/transport.ts'
import { type Endpoint, type Endpoints, endpointsOf } from './endpoints.ts'
import { readTlsFiles } from './tls-files.ts'

/** Opens connections to one server. */
export interface Dialer {
  readonly target: TargetUrl
  /** Whether connections are over TLS: sockets are then TLS sockets, which emit `secureConnect`. */
  readonly secure: boolean
  readonly endpoints: Endpoints
  /** Opens a connection; its errors are events of the socket. */
  open(endpoint: Endpoint, onread?: OnReadOpts): Socket
}

/** Protocols that are offered by ALPN (RFC 7301), the preferred one first. */
const protocols = { http1: ['http/1.1'], http2: ['h2', 'http/1.1'] } as const

/**
 * Prepares connections to a server: resolves its name, and reads the files of its transport. Over TLS the name of the
 * URL is sent as SNI (RFC 6066, section 3) and must be in the certificate, whatever address it resolves to. Sessions are
 * resumed as by a browser: each address keeps the last one that the server gave.
 *
 * @throws {UsageError} the name does not resolve, or a file cannot be used
 */
export async function dialer(target: TargetUrl, transport: Transport): Promise<Dialer> {
  const endpoints = await endpointsOf(target, transport.resolve)
  const secure = target.url.protocol === 'https:'
  if (!secure) {
    const open: Dialer['open'] = ({ to }, onread) =>
      connect({ ...to, noDelay: true, ...(onread && { onread }) })
    return { target, secure, endpoints, open }
  }
  const options = await secureOptions(target.url, transport)
  const sessions = new Map<string, Buffer>()
  const keeps = transport.tlsSessions !== 'new'
  return {
    target,
    secure,
    endpoints,
    open({ name, to }, onread) {
      const session = sessions.get(name)
      // @types/node knows `onread` of plain sockets only.
      const all = { ...to, ...options, ...(session && { session }), ...(onread && { onread }) }
      const socket = connectSecurely(all)
      if (keeps) socket.on('session', (given: Buffer) => void sessions.set(name, given))
      return socket.setNoDelay(true)
    },
  }
}

async function secureOptions(url: URL, transport: Transport): Promise<ConnectionOptions> {
  const { http2, insecure = false } = transport
  const host = hostOf(url)
  return {
    secureContext: createSecureContext(await readTlsFiles(transport)),
    rejectUnauthorized: !insecure,
    servername: serverName(host),
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    ALPNProtocols: [...protocols[http2 ? 'http2' : 'http1']],
  }
}

/** The name for SNI, without a trailing dot; '' for an address, which must not be sent (RFC 6066, section 3). */
function serverName(host: string): string {
  return isIP(host) === 0 ? host.replace(/\.$/, '') : ''
}
