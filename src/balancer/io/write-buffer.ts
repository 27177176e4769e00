import { type ByteBuffer, byteBuffer } from '../../http/byte-buffer.ts'
import type { Writable } from './byte-stream.ts'
import { releaseRead } from './release-read.ts'

/** Bytes of a write buffer: a head, and the bytes of one read. */
const bufferBytes = 80 * 1024
/** Bytes up to which a copy is cheaper than to hand the buffer over to a connection. */
const maxCopied = 16_384
/** Free buffers that are kept for later. */
const maxFree = 16

/** Where a message is assembled before it is written in one call. One per worker. */
export interface WriteBuffer extends ByteBuffer {
  readonly freeBuffers: Buffer[]
}

/** A connection whose socket may still be writing from a buffer that it owns until then. */
export interface BufferOwner {
  readonly socket: Writable
  /** No write completes synchronously, as with TLS: short messages are copied. */
  readonly asyncWrites?: boolean
  /** The socket copies all that is written to it, or has sent it when `write` returns. */
  readonly copiesWrites?: boolean
  pendingBuffer: Buffer | undefined
}

/** An empty write buffer. */
export function newWriteBuffer(): WriteBuffer {
  return { ...byteBuffer(bufferBytes), freeBuffers: [] }
}

/**
 * Writes the assembled message, and empties the buffer. If the kernel takes all of it at once, the memory
 * is free for the next message. Otherwise the socket still points to it: the connection owns that memory
 * until it is written, and the write buffer gets other memory. Behind bytes that are already waiting, a
 * copy of the message is written.
 *
 * @returns whether more may be written; if not, `drain` will follow
 */
export function flush(buffer: WriteBuffer, to: BufferOwner): boolean {
  const { bytes, length } = buffer
  const { socket } = to
  const message = bytes.subarray(0, length)
  buffer.length = 0
  if (to.copiesWrites === true) return socket.write(message)
  const copied = socket.writableLength > 0 || (to.asyncWrites === true && length <= maxCopied)
  if (copied) return socket.write(Buffer.from(message))
  release(buffer, to)
  const more = socket.write(message)
  if (socket.writableLength === 0) return true
  to.pendingBuffer = bytes
  buffer.bytes = buffer.freeBuffers.pop() ?? byteBuffer(bufferBytes).bytes
  return more
}

/** Takes back the memory that a connection owns, once everything is written. */
export function release({ freeBuffers }: WriteBuffer, owner: BufferOwner): void {
  const { pendingBuffer } = owner
  owner.pendingBuffer = undefined
  if (pendingBuffer === undefined) return
  if (pendingBuffer.length !== bufferBytes) releaseRead(pendingBuffer)
  else if (freeBuffers.length < maxFree) freeBuffers.push(pendingBuffer)
}
