import { readSync } from 'node:fs'
import type { ByteStream } from './connection.ts'

const oneOctet = new Uint8Array(1)

/**
 * Whether the kernel holds nothing that the backend sent on an idle connection: no octet and no end, neither of
 * which is for the next request. Only the kernel knows in time: the event loop sees an end a turn after it came.
 * To look is to read, so that a connection that holds something must be discarded. What is no socket of its own
 * (a stream of HTTP/2), or has no number on this system, counts as quiet.
 */
export function hasNoUnreadData(wire: ByteStream): boolean {
  const fd = descriptorOf(wire)
  if (fd === undefined) return true
  try {
    readSync(fd, oneOctet)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN'
  }
}

function descriptorOf(wire: ByteStream): number | undefined {
  const { _handle: handle } = wire as { _handle?: { fd?: number } | null }
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined
}
