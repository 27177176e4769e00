import { readSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { descriptorOf } from './descriptor-of.ts'

/** Reads of one call: a backend that sends without a pause is open. */
const maxReads = 16

/**
 * Reads from the kernel what a connection without TLS has received since the event loop read from it. Until then, the loop knows
 * neither that data nor the end of the connection.
 *
 * @param take called with the number of bytes that were read into `buffer`; returns whether to read on
 * @returns whether the connection is open
 */
export function readAhead(
  socket: Socket,
  buffer: Buffer,
  take: (size: number) => boolean,
): boolean {
  const fd = descriptorOf(socket)
  if (fd === undefined) return true
  for (let reads = 0; reads < maxReads; reads++) {
    const size = readNow(fd, buffer)
    if (size === undefined) return true
    if (size === 0) return false
    if (!take(size)) return true
  }
  return true
}

/** Node's object behind a connection over TLS. */
interface WithTls {
  readonly _handle?: { receive?(bytes: Buffer): void } | null
}

/** Whether a connection is one over TLS, which `readAheadOfTls` can read from. */
export function isTls(socket: Socket): socket is TLSSocket {
  return typeof (socket as WithTls)._handle?.receive === 'function'
}

/**
 * The same over TLS: the bytes go through TLS, and to the reader of the socket, before the function returns. `receive` is
 * Node's own way to decrypt bytes that were read elsewhere; on a system without it the connection counts as open.
 */
export function readAheadOfTls(socket: TLSSocket, buffer: Buffer): boolean {
  const { _handle: tls } = socket as WithTls
  if (typeof tls?.receive !== 'function') return true
  const isOpen = readAhead(socket, buffer, (size) => {
    tls.receive?.(buffer.subarray(0, size))
    return !socket.destroyed && !socket.isPaused()
  })
  return isOpen && !socket.destroyed
}

/** The number of bytes that were read: 0 at the end, or after an error; undefined where nothing is there yet. */
function readNow(fd: number, buffer: Buffer): number | undefined {
  try {
    return readSync(fd, buffer)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? undefined : 0
  }
}
