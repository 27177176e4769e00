import type { ClientHttp2Session } from 'node:http2'

/** One connection to a backend in HTTP/2. */
export interface Session {
  readonly http2: ClientHttp2Session
  /** Streams that are open, or about to be. */
  open: number
  /** It served a request before, so the backend may have closed it in the meantime. */
  used: boolean
  /** When its last stream ended, in seconds. */
  idleSince: number
  /** The last stream that the backend processed before it sent GOAWAY: RFC 9113, section 6.8. */
  lastStreamId: number
  /** It takes no more streams: it is closed, or one side announced that it will close it. */
  closing: boolean
  /** A PING has not been acknowledged yet. */
  pinging: boolean
}

/** The record of a session whose backend has sent its SETTINGS. */
export function newSession(http2: ClientHttp2Session, now: number): Session {
  const session: Session = {
    http2,
    open: 0,
    used: false,
    idleSince: now,
    lastStreamId: Number.POSITIVE_INFINITY,
    closing: false,
    pinging: false,
  }
  http2.on('goaway', (_code, lastStreamId) => {
    session.closing = true
    session.lastStreamId = Math.min(session.lastStreamId, lastStreamId ?? 0)
  })
  const onClosing = () => {
    session.closing = true
  }
  http2.on('close', onClosing)
  // A backend may close without GOAWAY; this event comes before `close`.
  http2.socket.on('end', onClosing)
  return session
}

/** Whether one more stream may be opened: the backend limits how many may be open at once. */
export function hasRoom(session: Session): boolean {
  const { http2, open } = session
  return (
    takesStreams(session) &&
    open < (http2.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY)
  )
}

/** Whether the session is open, as far as is known. */
export function takesStreams({ http2, closing }: Session): boolean {
  return !closing && !http2.closed && !http2.destroyed
}

/** Opens no more streams, and closes the session once those that are open have ended. */
export function closeSession(session: Session): void {
  session.closing = true
  session.http2.close()
}

/**
 * Pings a backend that left a request without a response, and destroys the session if it does not
 * acknowledge within `seconds`. A session whose peer vanished would take in request after request.
 */
export function pingSession(session: Session, seconds: number): void {
  const { http2, pinging } = session
  if (pinging || http2.destroyed) return
  session.pinging = true
  const timeout = setTimeout(() => http2.destroy(), seconds * 1000)
  // Called, too, if the session is closed first.
  http2.ping(() => {
    clearTimeout(timeout)
    session.pinging = false
  })
}
