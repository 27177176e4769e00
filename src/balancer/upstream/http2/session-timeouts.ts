import { errorCode } from '../../../http2/error-code.ts'
import { reset } from './end-stream.ts'
import { allowedResetsPerSecond } from './session-room.ts'
import type { Session } from './session-state.ts'

/** Seconds in which a backend may end a stream after the last byte of its Content-Length. */
const endTimeout = 1

/**
 * Checks the time limits of a session, and replenishes its budgets. Called several times a second.
 *
 * @param timeout seconds for a PING, and for the last bytes before the session closes
 */
export function checkSession<User>(session: Session<User>, now: number, timeout: number): void {
  const { http2, ending } = session
  http2.replenish(now - session.checkedAt)
  session.resets = Math.max(0, session.resets - (now - session.checkedAt) * allowedResetsPerSecond)
  session.checkedAt = now
  for (const stream of ending) {
    if (now - stream.readSince >= endTimeout) reset(stream, errorCode.cancel)
  }
  if (session.leaving) session.leavingSince = Math.min(session.leavingSince, now)
  const since = Math.min(session.pingedAt, session.leavingSince)
  // Otherwise a session whose peer vanished would take in request after request.
  if (now - since >= timeout) session.socket.destroy()
}
