import { errorCode } from '../../../http2/error-code.ts'
import { destroyConnection } from '../connection.ts'
import { scheduleProbe } from '../probe.ts'
import { hasSentMore } from '../sent-more.ts'
import type { SessionState } from './session-state.ts'
import type { StreamSocket } from './stream-socket.ts'

/** Checks the time limits of a session, and replenishes its budgets. `now` is in seconds. */
export function checkSession<User>(session: SessionState<User>, now: number): void {
  const { connection, http2 } = session
  if (connection.state !== 'session') return
  const { head, idle, linger } = connection.context.settings.timeouts
  http2.replenish(now - session.checkedAt)
  session.checkedAt = now
  if (now - session.writingSince >= idle) {
    if (!hasSentMore(connection)) {
      // The client does not read. It must not take what it got for the end of a response.
      destroyConnection(connection, true)
      return
    }
    session.writingSince = now
  }
  if (session.closing) return
  if (now - session.headSince >= head) endSession(session, errorCode.enhanceYourCalm)
  else if (!http2.acknowledged && now - session.startedAt >= idle) {
    endSession(session, errorCode.settingsTimeout)
  } else if (now - session.shutdownSince >= linger) {
    session.shutdownSince = Number.POSITIVE_INFINITY
    http2.goAway()
  }
  if (connection.probeAt <= now) {
    // A client that is gone answers with a reset.
    scheduleProbe(connection)
    http2.ping()
  }
  for (const stream of session.finishing) resetStalled(session, stream, now)
  session.scheduleFlush()
}

/** Ends the connection with an error, and closes it once that is written. */
function endSession<User>(session: SessionState<User>, code: number): void {
  session.http2.destroy(code)
  session.closing = true
}

/** Resets a stream of whose finished response the client has taken nothing for too long. */
function resetStalled<User>(
  { connection }: SessionState<User>,
  stream: StreamSocket<User>,
  now: number,
): void {
  const { writableLength } = stream
  if (writableLength !== stream.queuedAtCheck) {
    stream.queuedAtCheck = writableLength
    stream.progressAt = now
  } else if (now - stream.progressAt >= connection.context.settings.timeouts.idle) stream.cutOff()
}
