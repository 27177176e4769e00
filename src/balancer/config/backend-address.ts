import { UsageError } from '../../kit/errors.ts'

/**
 * The protocol to a backend. `http`: HTTP/1.1. `https`: TLS, HTTP/2 if the backend offers it in ALPN,
 * otherwise HTTP/1.1. `h2c`: HTTP/2 without TLS, by prior knowledge (RFC 9113, section 3.3).
 */
type BackendProtocol = 'http' | 'https' | 'h2c'

/** The address of a backend, and its `id`, `host:port` or `unix:/path`, which hashing and messages use. */
export interface BackendAddress {
  readonly protocol: BackendProtocol
  readonly host: string
  readonly port: number
  /** The path of a unix socket, in place of host and port; undefined for TCP. */
  readonly path: string | undefined
  readonly id: string
  /** Host of requests that have none. */
  readonly hostField: string
}

const ports: Readonly<Record<BackendProtocol, number>> = { http: 80, https: 443, h2c: 80 }

/** Maximum bytes of the path of a unix socket on Linux: unix(7). */
export const maxPathBytes = 107

/**
 * Parses `http://host:port`, `https://host:port`, `h2c://host:port`, `unix:/path` or `h2c+unix:/path`. A unix socket may
 * have `?host=NAME` behind its path: the Host of requests without one, and of health checks.
 *
 * @throws UsageError that names `field` when `text` is something else
 */
export function backendAddress(text: string, field = 'backend'): BackendAddress {
  if (/^(h2c\+)?unix:/i.test(text)) return unixAddress(text, field)
  const scheme = /^(https?|h2c):\/\//i.exec(text)?.[1]?.toLowerCase() as BackendProtocol | undefined
  // URL.parse has other rules for schemes that it does not know, such as h2c: it gets `http` instead.
  const url = URL.parse(scheme === undefined ? '' : `http${text.slice(scheme.length)}`)
  if (
    url?.pathname !== '/' ||
    scheme === undefined ||
    url.search + url.hash + url.username !== ''
  ) {
    throw new UsageError(
      `balancer configuration: ${field}: "${text}" is not a backend address`,
      'use http://host:port, https://host:port, h2c://host:port or unix:/path',
    )
  }
  const digits = /:(\d+)\/?$/.exec(text)?.[1]
  const port = digits === undefined ? ports[scheme] : Number(digits)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const id = `${url.hostname}:${port}`
  return { protocol: scheme, host, port, path: undefined, id, hostField: id }
}

/** An address in place of the host of a unix socket, so that no name is looked up. */
const noHost = '127.0.0.1'

function unixAddress(text: string, field: string): BackendAddress {
  const [, h2c, path = '', hostField = 'localhost'] =
    /^(h2c\+)?unix:(\/(?!\/)[^?#\p{Cc}]+)(?:\?host=([\w.:[\]-]+))?$/iu.exec(text) ?? []
  if (path === '' || Buffer.byteLength(path) > maxPathBytes) {
    throw new UsageError(
      `balancer configuration: ${field}: "${text}" is not the address of a unix socket`,
      `use unix:/path, with an absolute path of at most ${maxPathBytes} bytes`,
    )
  }
  const protocol = h2c === undefined ? 'http' : 'h2c'
  return { protocol, host: noHost, port: 0, path, id: `unix:${path}`, hostField }
}
