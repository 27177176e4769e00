import { Socket } from 'node:net'
import { isTls, readAhead, readAheadOfTls } from '../io/read-ahead.ts'
import { read } from './accept.ts'
import type { ClientConnection } from './connection.ts'

/** What one read takes at most: a request, usually. */
const memory = Buffer.allocUnsafeSlow(16_384)

/**
 * Takes what the kernel holds of an idle connection, and the event loop has not seen yet: in a busy turn of the loop, a request may have
 * come since sockets were read. To close the connection then would lose that request.
 */
export function takeUnread<User>(client: ClientConnection<User>): void {
  const { socket } = client
  if (!(socket instanceof Socket)) return
  if (isTls(socket)) readAheadOfTls(socket, memory)
  else {
    readAhead(socket, memory, (size) => {
      read(client, socket, Buffer.from(memory.subarray(0, size)))
      return size === memory.length && client.state === 'head' && !socket.isPaused()
    })
  }
}
