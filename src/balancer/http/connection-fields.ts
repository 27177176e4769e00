/**
 * Names of the fields that are for one connection of HTTP/1.1 only: a message in HTTP/2 that has one of
 * them is malformed, and none is written into one (RFC 9113, section 8.2.2). TE is apart: see `teValue`.
 */
export const connectionFields: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]

/** The only value that TE may have in HTTP/2. */
export const teValue = 'trailers'
