/**
 * The UTF-8 bytes of a key, for hashing, in memory that is reused. Hashing the UTF-16 code units of a string would
 * differ from other implementations for keys that are not ASCII.
 */
export interface KeyBytes {
  /** The key's bytes are the first `length`; another array after a key that did not fit. */
  readonly bytes: Uint8Array
  readonly length: number
  /** Encodes `key`. Allocates only for a key longer than any before. */
  read(key: string): void
}

/** A reusable encoder. A lone surrogate becomes U+FFFD, as in the WHATWG Encoding standard. */
export function keyBytes(): KeyBytes {
  const encoded = { bytes: new Uint8Array(256), length: 0, read }

  function read(key: string): void {
    // A UTF-16 code unit takes at most three bytes; a pair of them takes four.
    if (key.length * 3 > encoded.bytes.length) encoded.bytes = new Uint8Array(key.length * 3)
    const bytes = encoded.bytes
    let end = 0
    for (let at = 0; at < key.length; at++) {
      const unit = key.charCodeAt(at)
      if (unit < 0x80) {
        bytes[end++] = unit
        continue
      }
      const point = key.codePointAt(at) as number
      if (point > 0xffff) at++
      end = writePoint(bytes, end, point)
    }
    encoded.length = end
  }

  return encoded
}

/** Writes a code point above U+007F at `end`, and returns the new end. */
function writePoint(bytes: Uint8Array, end: number, point: number): number {
  const lone = point >= 0xd800 && point <= 0xdfff
  const code = lone ? 0xfffd : point
  let at = end
  if (code < 0x800) {
    bytes[at++] = 0xc0 | (code >> 6)
  } else {
    if (code > 0xffff) {
      bytes[at++] = 0xf0 | (code >> 18)
      bytes[at++] = 0x80 | ((code >> 12) & 0x3f)
    } else {
      bytes[at++] = 0xe0 | (code >> 12)
    }
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f)
  }
  bytes[at++] = 0x80 | (code & 0x3f)
  return at
}
