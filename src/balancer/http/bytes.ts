/** Classes of octets in HTTP messages, a bit each. */
export const byteOf = { token: 1, value: 2, target: 4, host: 8, digit: 16 } as const

const tokens = "!#$%&'*+-.^_`|~"
/** Sub-delimiters, unreserved, percent and what IPv6 and the port need: RFC 3986, section 3.2.2. */
const hosts = "-._~%!$&'()*+,;=:[]"

/** The classes that each octet belongs to. */
export const bytesOf = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code)
  const alphanumeric = /[0-9A-Za-z]/.test(character)
  const visible = code > 0x20 && code !== 0x7f
  return (
    (alphanumeric || tokens.includes(character) ? byteOf.token : 0) |
    // Visible, space, tab and obs-text: RFC 9110, section 5.5.
    (visible || character === ' ' || character === '\t' ? byteOf.value : 0) |
    // Neither a fragment nor an octet beyond ASCII is ever part of a request target: RFC 9112, section 3.2.
    (visible && code < 0x80 && character !== '#' ? byteOf.target : 0) |
    (alphanumeric || hosts.includes(character) ? byteOf.host : 0) |
    (code >= 0x30 && code <= 0x39 ? byteOf.digit : 0)
  )
})

export const space = 0x20
export const tab = 0x09
export const carriageReturn = 0x0d
export const lineFeed = 0x0a
export const colon = 0x3a
