import type { Socket } from 'node:net'

/**
 * A backend may respond and close before it has read all of a request. A write that fails then would make
 * Node destroy the socket together with the response that waits in it. So the stream does not learn of
 * the failure, and reading goes on.
 */
export function readAfterFailedWrite(socket: Socket, onFailed: () => void): void {
  const withoutError = (done: (error?: Error | null) => void) => (error?: Error | null) => {
    if (error) onFailed()
    done()
  }
  const write = socket._write.bind(socket)
  const writeAll = socket._writev?.bind(socket)
  socket._write = (chunk, encoding, done) => write(chunk, encoding, withoutError(done))
  socket._writev = (chunks, done) => writeAll?.(chunks, withoutError(done))
}
