import type { Session } from './session-state.ts'

/** Bytes that wait in a session for slow clients, beyond which it takes no more streams. */
const maxWaiting = 4 * 1024 * 1024

/**
 * Resets after which a session takes no more streams, and resets per second that do not count. Backends end connections with
 * many (Node after 1,000, Envoy after 500), and with them the requests of other clients: clients that open and reset streams must not
 * reach that.
 */
export const maxResets = 200
export const allowedResetsPerSecond = 10

/**
 * Whether one more stream may be opened. The backend limits how many may be open at once, and so does the window of the
 * session: were it used up by responses that clients do not read, all other streams would wait for them.
 */
export function hasRoom<User>(session: Session<User>): boolean {
  const { http2, socket, closing, open, waiting, streamWindow } = session
  const { maxConcurrentStreams } = http2.peerSettings
  if (closing || socket.destroyed || waiting >= maxWaiting) return false
  // Those that were assigned to it, and have not begun.
  const coming = open - http2.openStreams
  const windows = (coming + 1) * streamWindow <= http2.unpromised
  return windows && open < maxConcurrentStreams && http2.hasRoom()
}

/** Opens no more streams, and closes the session once those that are open have ended. */
export function closeSession<User>(session: Session<User>): void {
  session.closing = true
  session.http2.shutdown()
  session.scheduleFlush()
}
