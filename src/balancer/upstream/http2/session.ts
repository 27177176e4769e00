import type { Socket } from 'node:net'
import { createHttp2Connection } from '../../../http2/connection.ts'
import type { Http2Limits } from '../../../http2/limits.ts'
import { readAfterFailedWrite } from '../read-after-failed-write.ts'
import { flush, onWritten } from './flush.ts'
import { sessionEvents } from './session-events.ts'
import { closeSession, maxResets } from './session-room.ts'
import type { Session } from './session-state.ts'
import type { StreamContext } from './stream-state.ts'

/** Events of a session. */
export interface SessionOwner<User> {
  /** The backend has sent its SETTINGS. */
  ready(session: Session<User>): void
  /** A stream ended. */
  ended(session: Session<User>): void
  /** The connection is closed, and with it all streams. */
  lost(session: Session<User>): void
}

/** Options of a session. */
interface SessionOptions<User> {
  readonly limits: Http2Limits
  readonly owner: SessionOwner<User>
  /** Seconds. */
  readonly now: () => number
}

/** Starts HTTP/2 on a connection that is established: RFC 9113, section 3.4. */
export function startSession<User>(
  socket: Socket,
  { limits, owner, now }: SessionOptions<User>,
): Session<User> {
  const lose = () => {
    if (session.lost) return
    session.lost = true
    session.closing = true
    socket.destroy()
    session.http2.lost()
    owner.lost(session)
  }
  const session: Session<User> = {
    socket,
    http2: createHttp2Connection({
      role: 'client',
      limits,
      events: sessionEvents<User>(() => session, owner.ready),
    }),
    blocked: new Set(),
    ending: new Set(),
    maxOutput: limits.output,
    streamWindow: limits.streamWindow,
    open: 0,
    waiting: 0,
    used: false,
    closing: false,
    scheduleFlush() {
      if (session.flushScheduled) return
      session.flushScheduled = true
      setImmediate(flush<User>, session)
    },
    ping() {
      if (session.pingedAt < Number.POSITIVE_INFINITY || session.lost) return
      session.pingedAt = now()
      session.http2.ping()
      session.scheduleFlush()
    },
    awaitEnd(stream) {
      stream.readSince = now()
      session.ending.add(stream)
    },
    countReset() {
      session.resets++
      if (session.resets >= maxResets && !session.closing) closeSession(session)
    },
    ended(stream) {
      session.open--
      session.blocked.delete(stream)
      session.ending.delete(stream)
      if (session.open === 0) session.idleSince = now()
      owner.ended(session)
    },
    onWritten: () => onWritten(session),
    carriesOnceOnly: false,
    resets: 0,
    readAhead: undefined,
    lose,
    flushScheduled: false,
    leaving: false,
    lost: false,
    writeFailed: false,
    idleSince: now(),
    checkedAt: now(),
    pingedAt: Number.POSITIVE_INFINITY,
    leavingSince: Number.POSITIVE_INFINITY,
  }
  // A backend may close without GOAWAY.
  socket.on('end', lose)
  socket.on('close', lose)
  readAfterFailedWrite(socket, () => {
    session.closing = true
    session.writeFailed = true
    session.http2.outputFailed(false)
  })
  flush(session)
  return session
}

/** Takes bytes of the backend, whose memory is released or reused after the call. */
export function receive<User>(
  session: Session<User>,
  { batch }: StreamContext<User>,
  bytes: Buffer,
): void {
  if (session.lost) return
  // Any byte shows that the backend is alive.
  if (session.pingedAt < Number.POSITIVE_INFINITY) session.pingedAt = Number.POSITIVE_INFINITY
  session.http2.receive(bytes)
  batch.flush()
  session.scheduleFlush()
}
