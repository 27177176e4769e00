import type { ByteBuffer } from '../http/byte-buffer.ts'

/** Initial capacity of an output, in bytes. */
const usualBytes = 16 * 1024
/** Bounds of the memory that is kept for reuse: number of buffers, and bytes of each. */
const maxSpares = 16
const maxSpareBytes = 128 * 1024

/** Buffers for reuse. All connections of a thread share them, so that an idle connection holds none. */
const spares: Buffer[] = []

const nothing = Buffer.alloc(0)

/** An output without memory; `openOutput` allocates it. */
export function emptyOutput(): ByteBuffer {
  return { bytes: nothing, length: 0 }
}

/** Allocates memory for an output that has none. */
export function openOutput(output: ByteBuffer): ByteBuffer {
  if (output.bytes.length === 0) {
    output.bytes = spares.pop() ?? Buffer.allocUnsafeSlow(usualBytes)
  }
  return output
}

/** Empties an output and returns its memory. */
export function takeMemory(output: ByteBuffer): Buffer {
  const { bytes } = output
  output.bytes = nothing
  output.length = 0
  return bytes
}

/** Keeps memory for reuse. */
export function spareMemory(bytes: Buffer): void {
  if (bytes.length >= usualBytes && bytes.length <= maxSpareBytes && spares.length < maxSpares) {
    spares.push(bytes)
  }
}
