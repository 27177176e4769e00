import type { Socket } from 'node:net'
import { type OctetBuffer, octetBuffer } from './http/octet-buffer.ts'

/** Room for a head and for what one read brings. */
export const outboxOctets = 80 * 1024

/**
 * Writes what was put together, and empties the outbox. What the kernel took at once leaves the
 * memory free for the next answer; otherwise the stream still points to it, and the outbox gets new.
 *
 * @returns whether more may be written; if not, `drain` will come
 */
export function flush(outbox: OctetBuffer, socket: Socket): boolean {
  const { bytes, length } = outbox
  outbox.length = 0
  const more = socket.write(bytes.subarray(0, length))
  if (socket.writableLength === 0) return true
  outbox.bytes = octetBuffer(outboxOctets).bytes
  return more
}
