/** The bytes of the address that was read last. */
export const addressBytes = new Uint8Array(16)

/** How many bytes were read so far. */
let filled = 0

/**
 * Parses an IP address into `addressBytes`, and returns its length: 4, 16, or 0 if the text is not an address.
 * IPv4 in dotted decimal; IPv6 by RFC 4291 section 2.2, with or without a zone. Allocates nothing.
 *
 * An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is read as IPv4: a dual-stack socket reports IPv4 clients so.
 */
export function readAddress(text: string): number {
  filled = 0
  if (text.indexOf(':') === -1) return readDotted(text, 0, text.length) ? 4 : 0
  const zone = text.indexOf('%')
  if (!readIpv6(text, zone === -1 ? text.length : zone)) return 0
  if (!isMapped()) return 16
  addressBytes.copyWithin(0, 12)
  return 4
}

/** Reads `192.0.2.1` from `at` to `end` as four bytes. */
function readDotted(text: string, at: number, end: number): boolean {
  let next = at
  for (let byte = 0; byte < 4; byte++) {
    const first = next
    let value = 0
    while (next < end && next - first < 3 && isDigit(text.charCodeAt(next))) {
      value = value * 10 + text.charCodeAt(next++) - 0x30
    }
    const leadingZero = next - first > 1 && text.charCodeAt(first) === 0x30
    if (next === first || leadingZero || value > 255) return false
    addressBytes[filled + byte] = value
    if (byte < 3 && text.charCodeAt(next++) !== 0x2e) return false
  }
  if (next !== end) return false
  filled += 4
  return true
}

/** Reads the groups before and after `::`, and fills the gap with zeros. */
function readIpv6(text: string, end: number): boolean {
  const gap = text.indexOf('::')
  if (gap === -1) return readGroups(text, 0, end) && filled === 16
  // A dotted part may only stand at the very end.
  if (gap > 0 && !(readGroups(text, 0, gap) && text.lastIndexOf('.', gap) === -1)) return false
  const before = filled
  if (gap + 2 < end && !readGroups(text, gap + 2, end)) return false
  if (filled > 14) return false
  addressBytes.copyWithin(16 - (filled - before), before, filled)
  addressBytes.fill(0, before, 16 - (filled - before))
  return true
}

/** Reads groups separated by colons; the last may be dotted decimal. */
function readGroups(text: string, from: number, end: number): boolean {
  let at = from
  for (;;) {
    const colon = text.indexOf(':', at)
    const next = colon === -1 || colon > end ? end : colon
    if (next === end) return (filled <= 12 && readDotted(text, at, end)) || readGroup(text, at, end)
    if (!readGroup(text, at, next)) return false
    at = next + 1
  }
}

/** Reads one to four hexadecimal digits as two bytes. */
function readGroup(text: string, from: number, end: number): boolean {
  if (end === from || end - from > 4 || filled > 14) return false
  let value = 0
  for (let at = from; at < end; at++) {
    const digit = hexDigit(text.charCodeAt(at))
    if (digit === -1) return false
    value = value * 16 + digit
  }
  addressBytes[filled++] = value >> 8
  addressBytes[filled++] = value & 0xff
  return true
}

function isMapped(): boolean {
  for (let at = 0; at < 10; at++) if (addressBytes[at] !== 0) return false
  return addressBytes[10] === 0xff && addressBytes[11] === 0xff
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39
}

function hexDigit(unit: number): number {
  if (isDigit(unit)) return unit - 0x30
  const lower = unit | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
