/** Bytes of a read from which on its memory is released at once. */
const minReleased = 16_384

/**
 * Releases the memory of bytes that were read from a socket and are no longer used. Every read comes in
 * memory of its own, of which the garbage collector lets 64 MiB accumulate; a large upload must not take
 * that much.
 */
export function releaseRead(read: Buffer): void {
  const { buffer, byteLength } = read
  // Small buffers are slices of a shared ArrayBuffer, which must stay.
  const exclusive = buffer.byteLength === byteLength && buffer instanceof ArrayBuffer
  if (exclusive && byteLength >= minReleased) buffer.transfer(0)
}
