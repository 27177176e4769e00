import type { ByteBuffer } from '../http/byte-buffer.ts'

/** Room for the frames of some requests, or of one large part of a body. */
const usualBytes = 16 * 1024
/** Memory that is kept for the next output: no more pieces, and no larger ones. */
const maxSpares = 16
const maxSpareBytes = 128 * 1024

/** Memory of outputs that were written. All connections of a thread share it, so that idle ones hold none. */
const spares: Buffer[] = []

const nothing = Buffer.alloc(0)

/** Output without memory: it is taken by `openOutput`. */
export function emptyOutput(): ByteBuffer {
  return { bytes: nothing, length: 0 }
}

/** Makes sure that an output has memory to write to. */
export function openOutput(output: ByteBuffer): ByteBuffer {
  if (output.bytes.length === 0) {
    output.bytes = spares.pop() ?? Buffer.allocUnsafeSlow(usualBytes)
  }
  return output
}

/** Takes the memory of an output away from it. */
export function takeMemory(output: ByteBuffer): Buffer {
  const { bytes } = output
  output.bytes = nothing
  output.length = 0
  return bytes
}

/** Has memory used again. */
export function spareMemory(bytes: Buffer): void {
  if (bytes.length >= usualBytes && bytes.length <= maxSpareBytes && spares.length < maxSpares) {
    spares.push(bytes)
  }
}
