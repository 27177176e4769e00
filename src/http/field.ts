/**
 * Kinds of header fields, as small numbers: one for each field that a proxy must know, and `other`. Names
 * are matched without regard to case (RFC 9110, section 5.1).
 */
export const field = {
  other: 0,
  /** Not passed on. */
  dropped: 1,
  host: 2,
  connection: 3,
  contentLength: 4,
  transferEncoding: 5,
  expect: 6,
  upgrade: 7,
  te: 8,
  trailer: 9,
  via: 10,
  forwardedFor: 11,
  forwarded: 12,
  date: 13,
  maxForwards: 14,
  forwardedProto: 15,
  forwardedHost: 16,
  forwardedPort: 17,
  /** Further X-Forwarded fields that servers believe. */
  forwardedOther: 18,
} as const

/** A hop-by-hop field: its kind in HTTP/1.1, and what it means in a message in HTTP/2 (connection-fields.ts). */
interface HopByHopField {
  readonly name: string
  readonly kind: number
  /** `malformed`: the message is. `checked`: only with the value that HTTP/2 allows. `dropped`: not passed on. */
  readonly inHttp2: 'malformed' | 'checked' | 'dropped'
}

/**
 * The hop-by-hop fields, which are for one connection and are never passed on as they came: RFC 9110, section 7.6.1,
 * and RFC 2616, section 13.5.1. This is the only list of them: the rules of HTTP/1.1 and of HTTP/2 derive from it.
 * Fields that Connection names are hop-by-hop too: connection-options.ts. `Trailer` is not here: write-response-head.ts
 * passes it on together with the trailers.
 */
export const hopByHopFields: readonly HopByHopField[] = [
  { name: 'connection', kind: field.connection, inHttp2: 'malformed' },
  { name: 'keep-alive', kind: field.dropped, inHttp2: 'malformed' },
  { name: 'proxy-connection', kind: field.dropped, inHttp2: 'malformed' },
  { name: 'transfer-encoding', kind: field.transferEncoding, inHttp2: 'malformed' },
  { name: 'upgrade', kind: field.upgrade, inHttp2: 'malformed' },
  { name: 'te', kind: field.te, inHttp2: 'checked' },
  { name: 'proxy-authenticate', kind: field.dropped, inHttp2: 'dropped' },
  { name: 'proxy-authorization', kind: field.dropped, inHttp2: 'dropped' },
  // Part of an upgrade to h2c, which is not passed on.
  { name: 'http2-settings', kind: field.dropped, inHttp2: 'dropped' },
]

const names: readonly (readonly [string, number])[] = [
  ...hopByHopFields.map(({ name, kind }) => [name, kind] as const),
  ['host', field.host],
  ['content-length', field.contentLength],
  ['expect', field.expect],
  ['trailer', field.trailer],
  ['via', field.via],
  ['x-forwarded-for', field.forwardedFor],
  ['forwarded', field.forwarded],
  ['date', field.date],
  ['max-forwards', field.maxForwards],
  // The balancer sets them itself, from those of trusted proxies.
  ['x-forwarded-proto', field.forwardedProto],
  ['x-forwarded-host', field.forwardedHost],
  ['x-forwarded-port', field.forwardedPort],
  // Passed on from trusted proxies only: Rack, gunicorn and Spring read the scheme, or the path, in them.
  ['x-forwarded-ssl', field.forwardedOther],
  ['x-forwarded-scheme', field.forwardedOther],
  ['x-forwarded-protocol', field.forwardedOther],
  ['x-forwarded-prefix', field.forwardedOther],
  ['x-forwarded-server', field.forwardedOther],
]

const hyphen = 0x2d
const underscore = 0x5f

interface KnownField {
  readonly name: Uint8Array
  readonly kind: number
}

const longest = Math.max(...names.map(([name]) => name.length))

/** The known fields by the length of their names. */
const byLength: readonly (readonly KnownField[])[] = Array.from(
  { length: longest + 1 },
  (_, length) =>
    names
      .filter(([name]) => name.length === length)
      .map(([name, kind]) => ({ name: Buffer.from(name, 'latin1'), kind })),
)

/**
 * The kind of the field whose name is in `bytes` from `from` to `to`. Servers with CGI names (CGI, WSGI, PHP)
 * cannot distinguish `_` from `-`: X_Forwarded_For would be read in place of the field that this proxy sets.
 * So known names with `_` are dropped.
 */
export function fieldNamed(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > longest) return field.other
  for (const known of byLength[to - from] as readonly KnownField[]) {
    const match = matchName(bytes, from, known.name)
    if (match !== 'no') return match === 'exact' ? known.kind : field.dropped
  }
  return field.other
}

/** Whether `bytes` have `name`, which is in lower case, at `from` in any case, or with `_` in place of `-`. */
function matchName(
  bytes: Uint8Array,
  from: number,
  name: Uint8Array,
): 'exact' | 'underscore' | 'no' {
  let match: 'exact' | 'underscore' = 'exact'
  for (let i = 0; i < name.length; i++) {
    const code = bytes[from + i] as number
    // Sets the bit of lower case; digits and `-` have it already.
    if ((code | 0x20) === name[i]) continue
    if (code !== underscore || name[i] !== hyphen) return 'no'
    match = 'underscore'
  }
  return match
}
