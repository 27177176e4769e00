import type { UpstreamConnection } from './connection.ts'
import { hasUnreadData } from './has-unread-data.ts'

/**
 * Checks whether an idle connection is still open, for a request that must not be sent twice: the backend
 * may have closed it already, in which case the write would succeed and the request be lost. Two turns of
 * the event loop come first: one ends the current phase, the next reads from all sockets. Until then the
 * connection counts as not connected and has no user, so that a request body waits, and nothing that
 * comes is taken for a response. Data that came since that turn began (a busy loop has long turns) is
 * looked for in the kernel.
 *
 * @param then called with whether the connection may be used
 */
export function checkIdle<User>(
  connection: UpstreamConnection<User>,
  then: (usable: boolean) => void,
): void {
  setAside(connection)
  const check = () => {
    connection.connected = true
    then(!connection.closed && !hasUnreadData(connection.socket))
  }
  setImmediate(() => setImmediate(check))
}

/**
 * The same for a request that may be sent twice, on a connection that was given back in this turn and may hold more (see
 * `mayHoldMore`): bytes that were read together with the last response are no response to this request. They come, and close the
 * connection, before the turn ends.
 */
export function awaitRest<User>(
  connection: UpstreamConnection<User>,
  then: (usable: boolean) => void,
): void {
  setAside(connection)
  setImmediate(() => {
    connection.connected = true
    then(!connection.closed)
  })
}

/** Nothing that comes is for a request, and none is written. */
function setAside<User>(connection: UpstreamConnection<User>): void {
  connection.user = undefined
  connection.connected = false
}
