import type { ClientHttp2Session } from 'node:http2'

/** One connection to a backend in HTTP/2. */
export interface Session {
  readonly http2: ClientHttp2Session
  /** Streams that are open, or about to be. */
  open: number
  /** It served a request before, so that the backend may have closed it meanwhile. */
  used: boolean
  /** Since when it has no stream, in seconds. */
  idleSince: number
  /** The last stream that the backend looked at before it went away: RFC 9113, section 6.8. */
  lastSeen: number
  /** It takes no more streams: it is closed, or one side said that it will be. */
  leaving: boolean
  /** A ping is on its way. */
  asked: boolean
}

/** The record of a session whose backend told its settings. */
export function newSession(http2: ClientHttp2Session, now: number): Session {
  const session: Session = {
    http2,
    open: 0,
    used: false,
    idleSince: now,
    lastSeen: Number.POSITIVE_INFINITY,
    leaving: false,
    asked: false,
  }
  http2.on('goaway', (_code, lastSeen) => {
    session.leaving = true
    session.lastSeen = Math.min(session.lastSeen, lastSeen ?? 0)
  })
  const left = () => {
    session.leaving = true
  }
  http2.on('close', left)
  // That much sooner it is known that the backend closed it, without a word in HTTP/2.
  http2.socket.on('end', left)
  return session
}

/** Whether one more stream may be opened: the backend says how many there may be at once. */
export function hasRoom(session: Session): boolean {
  const { http2, open } = session
  return (
    takesStreams(session) &&
    open < (http2.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY)
  )
}

/** Whether it still stands, as far as that was seen. */
export function takesStreams({ http2, leaving }: Session): boolean {
  return !leaving && !http2.closed && !http2.destroyed
}

/** Opens no more streams, and closes once those that are open have ended. */
export function retire(session: Session): void {
  session.leaving = true
  session.http2.close()
}

/**
 * Sees whether a backend that left a request without an answer is still there: a session whose other
 * end is gone without a word would take in request after request.
 */
export function askIfAlive(session: Session, seconds: number): void {
  const { http2, asked } = session
  if (asked || http2.destroyed) return
  session.asked = true
  const limit = setTimeout(() => http2.destroy(), seconds * 1000)
  // Called as well where the session is closed first.
  http2.ping(() => {
    clearTimeout(limit)
    session.asked = false
  })
}
