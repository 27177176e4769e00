import type { Socket } from 'node:net'

/** Has the event loop read nothing more from a socket, as in a busy turn. */
export function stopReading(socket: Socket): void {
  const { _handle: handle } = socket as unknown as { readonly _handle: { readStop(): void } }
  handle.readStop()
}
