import { UsageError } from '../../kit/errors.ts'

/**
 * How a backend is spoken to: HTTP/1.1; over TLS, in HTTP/2 if the backend offers it and in HTTP/1.1
 * else; HTTP/2 in the clear, known beforehand (RFC 9113, section 3.3).
 */
type BackendProtocol = 'http' | 'https' | 'h2c'

/** Where a backend listens, and the name that hashing and messages use for it. */
export interface BackendAddress {
  readonly protocol: BackendProtocol
  readonly host: string
  readonly port: number
  readonly id: string
}

const ports: Readonly<Record<BackendProtocol, number>> = { http: 80, https: 443, h2c: 80 }

/**
 * Reads `http://host:port`, `https://host:port` or `h2c://host:port`.
 *
 * @throws UsageError that names the field.
 */
export function backendAddress(text: string, field = 'backend'): BackendAddress {
  const scheme = /^(https?|h2c):\/\//i.exec(text)?.[1]?.toLowerCase() as BackendProtocol | undefined
  // What is no scheme of the web is parsed by other rules: so it is read as http.
  const url = URL.parse(scheme === undefined ? '' : `http${text.slice(scheme.length)}`)
  if (
    url?.pathname !== '/' ||
    scheme === undefined ||
    url.search + url.hash + url.username !== ''
  ) {
    throw new UsageError(
      `balancer configuration: ${field}: "${text}" is not the address of a backend`,
      'write it as http://host:port, https://host:port or h2c://host:port',
    )
  }
  const typed = /:(\d+)\/?$/.exec(text)?.[1]
  const port = typed === undefined ? ports[scheme] : Number(typed)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { protocol: scheme, host, port, id: `${url.hostname}:${port}` }
}
