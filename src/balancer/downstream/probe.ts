import type { ClientConnection } from './connection.ts'

/** Seconds between two checks whether a client that closed its side is still there. */
const probeInterval = 0.5

/** Sets when to check next whether a client that closed its side is still there. */
export function scheduleProbe<User>(client: ClientConnection<User>): void {
  client.probeAt = client.context.now() + probeInterval
}

/** Whether no byte was sent since the last call, though there is nothing left to write. */
export function isStalled<User>(client: ClientConnection<User>): boolean {
  const { socket, writtenAtProbe } = client
  client.writtenAtProbe = socket.bytesWritten
  return socket.writableLength === 0 && socket.bytesWritten === writtenAtProbe
}
