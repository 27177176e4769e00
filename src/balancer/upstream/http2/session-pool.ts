import type { TLSSocket } from 'node:tls'
import { attach, fail, onConnected } from '../connection.ts'
import { type Attempt, type SessionOptions, startAttempt } from './connect.ts'
import { closeSession, hasRoom, newSession, type Session } from './session.ts'
import { assignSession, type Http2Stream } from './stream.ts'

/** The sessions of one worker to one backend. */
export interface SessionPool<User> {
  /** Assigns a session that has room to a stream, at once or when there is one. */
  assign(stream: Http2Stream<User>): void
  /** Sessions without a stream. */
  idle(): number
  /** Closes sessions that have had no stream since `before`, in seconds. */
  closeIdle(before: number): void
  /** Opens nothing more, and closes each session once its streams have ended. */
  close(): void
}

/** Options of a session pool. */
export interface SessionPoolOptions extends SessionOptions {
  /** Seconds for which streams wait for the same connection. */
  readonly connectTimeout: number
}

/**
 * Requests share as few sessions as possible: the backend limits how many streams each may have. While a
 * session is being opened, all streams wait for it; the ones that it has no room for wait for the next. If
 * the backend turns out to speak HTTP/1.1 only, each request gets a connection of its own.
 */
export function newSessionPool<User>(options: SessionPoolOptions): SessionPool<User> {
  const { now, connectTimeout } = options
  const sessions = new Set<Session>()
  let latest: Attempt<Http2Stream<User>> | undefined
  let http1Only = false
  let closed = false

  function waitForSession(stream: Http2Stream<User>): void {
    // An attempt that may never end must not delay others beyond their own timeout.
    const shared = !http1Only && latest?.open === true && now() - latest.startedAt < connectTimeout
    if (!shared || latest === undefined) latest = connect()
    latest.waiting.add(stream)
    stream.attempt = latest
  }

  function connect(): Attempt<Http2Stream<User>> {
    const attempt: Attempt<Http2Stream<User>> = startAttempt(options, {
      http2(http2) {
        http1Only = false
        const session = newSession(http2, now())
        sessions.add(session)
        http2.on('close', () => sessions.delete(session))
        assignAll(session, [...attempt.waiting])
        if (closed) closeSession(session)
      },
      http1(socket) {
        http1Only = true
        useHttp1(socket, [...attempt.waiting])
      },
      failed(error) {
        for (const stream of attempt.waiting) onConnectFailed(stream, error)
      },
    })
    return attempt
  }

  /** Assigns the session to as many streams as it has room for. One without any room counts as a failed connect. */
  function assignAll(session: Session, waiting: readonly Http2Stream<User>[]): void {
    const full = !hasRoom(session)
    for (const stream of waiting) {
      if (full) onConnectFailed(stream)
      else if (hasRoom(session)) {
        assignSession(stream, session)
        onConnected(stream.connection, stream.context.events)
      } else waitForSession(stream)
    }
  }

  /** The first gets the connection, and uses it as one of HTTP/1.1; the others get one each. */
  function useHttp1(socket: TLSSocket, [first, ...others]: readonly Http2Stream<User>[]): void {
    if (first !== undefined) {
      attach(first.connection, socket, first.context.events)
      onConnected(first.connection, first.context.events)
    }
    others.forEach(waitForSession)
  }

  return {
    assign(stream) {
      for (const session of sessions) {
        if (hasRoom(session)) {
          assignSession(stream, session)
          return
        }
      }
      waitForSession(stream)
    },
    idle() {
      let idle = 0
      for (const { open } of sessions) if (open === 0) idle++
      return idle
    },
    closeIdle(before) {
      for (const session of sessions) {
        if (session.open === 0 && session.idleSince <= before) closeSession(session)
      }
    },
    close() {
      closed = true
      sessions.forEach(closeSession)
    },
  }
}

/** There is no session: the request was never sent. */
function onConnectFailed<User>({ connection, context }: Http2Stream<User>, error?: Error): void {
  if (connection.closed) return
  if (error === undefined) connection.reason = 'http2-handshake'
  else fail(connection, error)
  connection.closed = true
  context.events.closed(connection, false)
}
