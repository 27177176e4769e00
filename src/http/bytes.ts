/** Classes of bytes in HTTP messages, one bit each. */
export const byteClass = { token: 1, value: 2, target: 4, host: 8, digit: 16 } as const

const tokens = "!#$%&'*+-.^_`|~"
/** Sub-delimiters, unreserved, percent, and the characters of IPv6 and ports: RFC 3986, section 3.2.2. */
const hosts = "-._~%!$&'()*+,;=:[]"

/** The classes of each byte. */
export const classesOf = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code)
  const alphanumeric = /[0-9A-Za-z]/.test(character)
  const visible = code > 0x20 && code !== 0x7f
  return (
    (alphanumeric || tokens.includes(character) ? byteClass.token : 0) |
    // Visible, space, tab and obs-text: RFC 9110, section 5.5.
    (visible || character === ' ' || character === '\t' ? byteClass.value : 0) |
    // Neither a fragment nor a byte beyond ASCII is part of a request target: RFC 9112, section 3.2.
    (visible && code < 0x80 && character !== '#' ? byteClass.target : 0) |
    (alphanumeric || hosts.includes(character) ? byteClass.host : 0) |
    (code >= 0x30 && code <= 0x39 ? byteClass.digit : 0)
  )
})

export const space = 0x20
export const tab = 0x09
export const carriageReturn = 0x0d
export const lineFeed = 0x0a
export const colon = 0x3a
