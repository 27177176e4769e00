import type { ByteStream } from './byte-stream.ts'

/** The file descriptor of a socket; undefined for a stream of HTTP/2, or on a system without descriptors. */
export function descriptorOf(stream: ByteStream): number | undefined {
  const { _handle: handle } = stream as { _handle?: { fd?: number } | null }
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined
}
