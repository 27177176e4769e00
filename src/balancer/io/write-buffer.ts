import { type ByteBuffer, byteBuffer } from '../http/byte-buffer.ts'
import { freeRead } from './release-read.ts'

/** Room for a head and for what one read brings. */
const outboxOctets = 80 * 1024
/** Octets up to which copying is cheaper than to lend a whole outbox. */
const small = 16_384
/** Buffers that are kept for the next time, rather than made anew. */
const mostSpares = 16

/** Where a message is put together before it is written in one go. */
export interface WriteBuffer extends ByteBuffer {
  readonly spares: Buffer[]
}

/** What is written to: a connection, or what stands for one. */
export interface Writable {
  readonly writableLength: number
  write(bytes: Buffer): boolean
}

/** A connection that may still be writing from a buffer that was an outbox's. */
export interface BufferOwner {
  readonly socket: Writable
  /** A write is never done at once, as with TLS: what is small goes as a copy, rather than to lend. */
  readonly late?: boolean
  lent: Buffer | undefined
}

/** An empty outbox. */
export function newWriteBuffer(): WriteBuffer {
  return { ...byteBuffer(outboxOctets), spares: [] }
}

/**
 * Writes what was put together, and empties the outbox. What the kernel takes at once leaves the
 * memory free for the next message. Otherwise the stream still points to it: it is lent to the
 * connection, and the outbox gets other memory; behind what waits already goes a copy of the right size.
 *
 * @returns whether more may be written; if not, `drain` will come
 */
export function flush(outbox: WriteBuffer, to: BufferOwner): boolean {
  const { bytes, length } = outbox
  const { socket } = to
  const message = bytes.subarray(0, length)
  outbox.length = 0
  const copies = socket.writableLength > 0 || (to.late === true && length <= small)
  if (copies) return socket.write(Buffer.from(message))
  release(outbox, to)
  const more = socket.write(message)
  if (socket.writableLength === 0) return true
  to.lent = bytes
  outbox.bytes = outbox.spares.pop() ?? byteBuffer(outboxOctets).bytes
  return more
}

/** Takes back what was lent, once everything is written. */
export function release({ spares }: WriteBuffer, from: BufferOwner): void {
  const { lent } = from
  from.lent = undefined
  if (lent === undefined) return
  if (lent.length !== outboxOctets) freeRead(lent)
  else if (spares.length < mostSpares) spares.push(lent)
}
