import type { ClientConnection, ClientSocket } from './connection.ts'

/**
 * Whether the kernel has taken bytes for the client since the last call. A client that reads slowly takes a
 * part of a write at a time, of which the stream reports only the end.
 */
export function hasSentMore<User>(client: ClientConnection<User>): boolean {
  const { socket, sentBefore } = client
  const sent = socket.bytesWritten - socket.writableLength - queuedIn(socket)
  client.sentBefore = sent
  return sent !== sentBefore
}

/** Bytes of a write that the kernel has not taken yet. */
function queuedIn(socket: ClientSocket): number {
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null }
  return handle?.writeQueueSize ?? 0
}
