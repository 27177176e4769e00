import { readSync } from 'node:fs'
import type { ByteStream } from '../io/byte-stream.ts'
import { descriptorOf } from '../io/descriptor-of.ts'

const oneByte = new Uint8Array(1)

/**
 * Whether the kernel holds data, or the end, of an idle connection; neither belongs to the next response. Only the
 * kernel knows in time: the event loop sees an end a turn after it came. The check reads, so a connection that
 * holds something must be discarded. A stream without a file descriptor (of HTTP/2, or on a system without
 * descriptors) counts as empty.
 */
export function hasUnreadData(stream: ByteStream): boolean {
  const fd = descriptorOf(stream)
  if (fd === undefined) return false
  try {
    readSync(fd, oneByte)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN'
  }
}
