import type { Writable } from './byte-stream.ts'

/** A writable that counts the bytes written to it so far. */
interface CountedWritable extends Writable {
  readonly bytesWritten: number
}

/**
 * Bytes that the kernel, or the windows of HTTP/2, have taken so far. A peer that reads slowly takes a part of a write
 * at a time, of which a socket reports only the end.
 */
export function sentBytes(socket: CountedWritable): number {
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null }
  return socket.bytesWritten - socket.writableLength - (handle?.writeQueueSize ?? 0)
}
