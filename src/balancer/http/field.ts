/**
 * The header fields that a proxy must know, as small numbers; every other field is `other`. Names
 * are matched without regard to case (RFC 9110, section 5.1).
 */
export const field = {
  other: 0,
  /** To be left out when the head is written. */
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
  // Set by us, whatever the client says.
  ['x-forwarded-proto', field.dropped],
  ['x-forwarded-host', field.dropped],
  // Hop by hop: RFC 9110, section 7.6.1, and what it took over from RFC 2616, section 13.5.1.
  ['keep-alive', field.dropped],
  ['proxy-connection', field.dropped],
  ['proxy-authenticate', field.dropped],
  ['proxy-authorization', field.dropped],
  // Belongs to an upgrade to h2c, which is not passed on.
  ['http2-settings', field.dropped],
]

interface Known {
  readonly name: Uint8Array
  readonly kind: number
}

const longest = Math.max(...names.map(([name]) => name.length))

/** The known fields by the length of their names. */
const byLength: readonly (readonly Known[])[] = Array.from({ length: longest + 1 }, (_, length) =>
  names
    .filter(([name]) => name.length === length)
    .map(([name, kind]) => ({ name: Buffer.from(name, 'latin1'), kind })),
)

/** Which field the name in `bytes` from `from` to `to` is. */
export function fieldNamed(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > longest) return field.other
  for (const known of byLength[to - from] as readonly Known[]) {
    if (sameName(bytes, from, known.name)) return known.kind
  }
  return field.other
}

/** Whether `name`, in lower case, stands in `bytes` at `from`, in any case. Both must be tokens. */
function sameName(bytes: Uint8Array, from: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) {
    // Sets the bit that tells lower from upper case; digits and `-` have it anyway.
    if (((bytes[from + i] as number) | 0x20) !== name[i]) return false
  }
  return true
}
