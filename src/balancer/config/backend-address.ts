import { UsageError } from '../../kit/errors.ts'

/**
 * The protocol to a backend. `http`: HTTP/1.1. `https`: TLS, HTTP/2 if the backend offers it in ALPN,
 * otherwise HTTP/1.1. `h2c`: HTTP/2 without TLS, by prior knowledge (RFC 9113, section 3.3).
 */
type BackendProtocol = 'http' | 'https' | 'h2c'

/** The address of a backend, and its `id`, `host:port`, which hashing and messages use. */
export interface BackendAddress {
  readonly protocol: BackendProtocol
  readonly host: string
  readonly port: number
  readonly id: string
}

const ports: Readonly<Record<BackendProtocol, number>> = { http: 80, https: 443, h2c: 80 }

/**
 * Parses `http://host:port`, `https://host:port` or `h2c://host:port`.
 *
 * @throws UsageError that names `field` when `text` is something else
 */
export function backendAddress(text: string, field = 'backend'): BackendAddress {
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
      'use http://host:port, https://host:port or h2c://host:port',
    )
  }
  const digits = /:(\d+)\/?$/.exec(text)?.[1]
  const port = digits === undefined ? ports[scheme] : Number(digits)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { protocol: scheme, host, port, id: `${url.hostname}:${port}` }
}
