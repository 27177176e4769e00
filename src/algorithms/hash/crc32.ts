/** What each byte does to a CRC: the polynomial 0x04C11DB7 bit-reversed, as zlib, nginx and Ethernet use it. */
const steps = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/**
 * The CRC-32 of `length` bytes as a whole number ≥ 0: ISO 3309, the one of zlib and nginx. With `before`,
 * the CRC-32 of what came before and these bytes behind it. In the pick path a call of `zlib.crc32`
 * would cost more than the hash.
 */
export function crc32(bytes: Uint8Array, length: number, before = 0): number {
  let crc = ~before
  for (let at = 0; at < length; at++) {
    crc = (crc >>> 8) ^ (steps[(crc ^ (bytes[at] as number)) & 0xff] as number)
  }
  return ~crc >>> 0
}
