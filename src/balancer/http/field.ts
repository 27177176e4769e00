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
} as const

const names: readonly (readonly [string, number])[] = [
  ['host', field.host],
  ['connection', field.connection],
  ['content-length', field.contentLength],
  ['transfer-encoding', field.transferEncoding],
  ['expect', field.expect],
  ['upgrade', field.upgrade],
  ['te', field.te],
  ['trailer', field.trailer],
  ['via', field.via],
  ['x-forwarded-for', field.forwardedFor],
  ['forwarded', field.forwarded],
  ['date', field.date],
  ['max-forwards', field.maxForwards],
  // The balancer sets them itself.
  ['x-forwarded-proto', field.dropped],
  ['x-forwarded-host', field.dropped],
  // Hop by hop: RFC 9110, section 7.6.1, and RFC 2616, section 13.5.1.
  ['keep-alive', field.dropped],
  ['proxy-connection', field.dropped],
  ['proxy-authenticate', field.dropped],
  ['proxy-authorization', field.dropped],
  // Part of an upgrade to h2c, which is not passed on.
  ['http2-settings', field.dropped],
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
