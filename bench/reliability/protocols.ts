/** A version of HTTP, without TLS: HTTP/2 by prior knowledge (RFC 9113, section 3.3). */
export type Protocol = 'http1' | 'http2'

/** The protocols on both sides of a balancer. */
export interface Protocols {
  readonly clients: Protocol
  readonly backends: Protocol
}

/** The combinations that are measured, by their names in the document. */
export const measuredProtocols: readonly (Protocols & { readonly name: string })[] = [
  { name: 'HTTP/1.1', clients: 'http1', backends: 'http1' },
  { name: 'HTTP/2 clients', clients: 'http2', backends: 'http1' },
  { name: 'HTTP/2 backends', clients: 'http1', backends: 'http2' },
  { name: 'HTTP/2 on both sides', clients: 'http2', backends: 'http2' },
]

/** The URL of a backend on a port, as a balancer is configured with it. */
export function backendUrl(port: number, protocol: Protocol): string {
  return `${protocol === 'http2' ? 'h2c' : 'http'}://127.0.0.1:${port}`
}
