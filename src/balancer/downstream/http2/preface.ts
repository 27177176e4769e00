const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

/** The kind of a SETTINGS frame, and where in the header of a frame that stands. */
const settings = 4
const frame = { kind: 3, flags: 4, stream: 5, size: 9 } as const

/** How much of something was seen. */
export const whole = { no: 0, notYet: 1, yes: 2 } as const

/**
 * Whether `bytes` from `from` on is how a client opens HTTP/2 that knows that it may: RFC 9113,
 * section 3.4. The octets of the preface alone are not yet: a SETTINGS frame must follow them.
 */
export function isPreface(bytes: Buffer, from: number): number {
  const have = Math.min(bytes.length - from, preface.length)
  if (!bytes.subarray(from, from + have).equals(preface.subarray(0, have))) return whole.no
  const at = from + preface.length
  if (bytes.length < at + frame.size) return whole.notYet
  const fits =
    bytes[at + frame.kind] === settings &&
    bytes[at + frame.flags] === 0 &&
    bytes.readUInt32BE(at + frame.stream) === 0
  return fits ? whole.yes : whole.no
}
