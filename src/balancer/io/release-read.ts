/** Octets of a read from which on its memory is given back at once. */
const great = 16_384

/**
 * Gives back the memory of what was read from a socket, once nobody looks at it any more. Every read
 * comes in memory of its own, and the collector lets 64 MiB of it gather; a great upload must not
 * take that much.
 */
export function freeRead(read: Buffer): void {
  const { buffer, byteLength } = read
  // Memory that is shared, as small buffers are, is greater than the one that lies in it.
  const alone = buffer.byteLength === byteLength && buffer instanceof ArrayBuffer
  if (alone && byteLength >= great) buffer.transfer(0)
}
