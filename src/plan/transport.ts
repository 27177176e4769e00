import { z } from 'zod'

/** How connections to a server are made, where its URL does not say it. Files are PEM. */
export const transport = z.strictObject({
  /** Whether any certificate is accepted. */
  insecure: z.boolean().optional(),
  /** File with the certificates of the authorities that are trusted, in place of those of Node. */
  ca: z.string().optional(),
  /** Files with the certificate of the client and its key; without `key`, `cert` has both. */
  cert: z.string().optional(),
  key: z.string().optional(),
  /** Whether requests are sent in HTTP/2: chosen by ALPN over TLS, by prior knowledge in clear text. */
  http2: z.boolean().optional(),
  /** Requests that each connection carries at once, in HTTP/2 (default: 1). */
  streams: z.int().positive().optional(),
  /** Addresses of names, each `HOST:PORT:ADDRESS[,ADDRESS]`. */
  resolve: z.array(z.string()).optional(),
  /** Whether a new TLS connection resumes the session of an earlier one (default: resume). */
  tlsSessions: z.enum(['resume', 'new']).optional(),
})
export type Transport = Readonly<z.infer<typeof transport>>

/** The part of these settings that says how connections are made; nothing where none does. */
export function transportOf(settings: Transport = {}): Transport {
  const { insecure, ca, cert, key, http2, streams, resolve, tlsSessions } = settings
  const all = { insecure, ca, cert, key, http2, streams, resolve, tlsSessions }
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as Transport
}

/** Requests that a connection carries at once. */
export function streamsOf({ http2, streams = 1 }: Pick<Transport, 'http2' | 'streams'>): number {
  return http2 === true ? streams : 1
}
