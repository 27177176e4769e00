import type { ByteBuffer } from '../../http/byte-buffer.ts'
import { codeLengths, codes } from './huffman-code.ts'

/** The number of bytes of the Huffman code for the bytes between two offsets. */
export function huffmanBytes(bytes: Buffer, from: number, end: number): number {
  let bits = 0
  for (let at = from; at < end; at++) bits += codeLengths[bytes[at] as number] as number
  return (bits + 7) >>> 3
}

/** Writes the Huffman code of `bytes` between two offsets: RFC 7541, section 5.2. There must be room. */
export function writeHuffman(into: ByteBuffer, bytes: Buffer, from: number, end: number): void {
  const out = into.bytes
  let to = into.length
  // Holds fewer than eight bits between two symbols; the longest code adds 30.
  let pending = 0
  let count = 0
  for (let at = from; at < end; at++) {
    const symbol = bytes[at] as number
    const length = codeLengths[symbol] as number
    const code = codes[symbol] as number
    if (count + length > 32) {
      // Too many for one 32-bit word: add the first bits of the code alone.
      const head = length - 16
      pending = (pending << head) | (code >>> 16)
      for (count += head; count >= 8; count -= 8) out[to++] = (pending >>> (count - 8)) & 0xff
      pending = (pending << 16) | (code & 0xffff)
      count += 16
    } else {
      pending = (pending << length) | code
      count += length
    }
    for (; count >= 8; count -= 8) out[to++] = (pending >>> (count - 8)) & 0xff
  }
  if (count > 0) out[to++] = ((pending << (8 - count)) | (0xff >>> count)) & 0xff
  into.length = to
}
