/** The lookup table of the polynomial 0x04C11DB7, bit-reversed, as in zlib, nginx and Ethernet. */
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/**
 * The CRC-32 of `length` bytes as an integer ≥ 0: ISO 3309, as in zlib and nginx. `before` is the CRC-32 of
 * preceding bytes, to continue it. For short keys a call of `zlib.crc32` costs more than this loop.
 */
export function crc32(bytes: Uint8Array, length: number, before = 0): number {
  let crc = ~before
  for (let i = 0; i < length; i++) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 0xff] as number)
  }
  return ~crc >>> 0
}
