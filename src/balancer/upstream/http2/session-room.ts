import type { Session } from './session-state.ts'

/**
 * Bytes that wait in a session for slow clients, beyond which it takes no more streams: when the window of the session
 * is used up, all of its streams wait. Half of `unread` in session-limits.ts.
 */
const maxWaiting = 8 * 1024 * 1024

/**
 * Resets after which a session takes no more streams, and resets per second that do not count. Backends end connections with
 * many (Node after 1,000, Envoy after 500), and with them the requests of other clients: clients that open and reset streams must not
 * reach that.
 */
export const maxResets = 200
export const allowedResetsPerSecond = 10

/** Whether one more stream may be opened: the backend limits how many may be open at once. */
export function hasRoom<User>({ http2, socket, closing, open, waiting }: Session<User>): boolean {
  const { maxConcurrentStreams } = http2.peerSettings
  if (closing || socket.destroyed || waiting >= maxWaiting) return false
  return open < maxConcurrentStreams && http2.hasRoom()
}

/** Opens no more streams, and closes the session once those that are open have ended. */
export function closeSession<User>(session: Session<User>): void {
  session.closing = true
  session.http2.shutdown()
  session.scheduleFlush()
}
