import type { TLSSocket } from 'node:tls'
import { attach, fail, onConnected } from '../connection.ts'
import type { BackendStream } from './backend-stream.ts'
import { type Attempt, type ConnectOptions, startAttempt } from './connect.ts'
import { closeSession, hasRoom } from './session-room.ts'
import type { Session } from './session-state.ts'
import { checkSession } from './session-timeouts.ts'
import type { StreamContext } from './stream-state.ts'

/** The sessions of one worker to one backend. */
export interface SessionPool<User> {
  /** Assigns a session that has room to a stream, at once or when there is one. */
  assign(stream: BackendStream<User>): void
  /** Sessions without a stream. */
  idle(): number
  /** Checks the time limits of sessions, and closes the ones that have had no stream since `before`, in seconds. */
  closeIdle(before: number): void
  /** Closes sessions with other addresses than these once their streams have ended. */
  retire(addresses: readonly string[]): void
  /** Opens nothing more, and closes each session once its streams have ended. */
  close(): void
  /** No session is open. */
  readonly empty: boolean
}

/** Options of a session pool. */
export interface SessionPoolOptions<User> extends Omit<ConnectOptions<User>, 'owner'> {
  readonly context: StreamContext<User>
  /** Connects a stream in HTTP/1.1, for a request that needs it. */
  connectHttp1(stream: BackendStream<User>): void
  /** The balancer is stopping: a session closes as soon as it has no stream. */
  readonly draining: () => boolean
}

/**
 * Requests share as few sessions as possible: the backend limits how many streams each may have. While a
 * session is being opened, all streams wait for it; the ones that it has no room for wait for the next. If
 * the backend turns out to speak HTTP/1.1 only, each request gets a connection of its own.
 */
export function newSessionPool<User>(options: SessionPoolOptions<User>): SessionPool<User> {
  const { now, connectTimeout, context, draining } = options
  const sessions = new Set<Session<User>>()
  let latest: Attempt<User> | undefined
  let http1Only = false
  let closed = false
  const owner = {
    ended(session: Session<User>) {
      if (session.open === 0 && draining()) closeSession(session)
    },
    lost: (session: Session<User>) => void sessions.delete(session),
  }

  function waitForSession(stream: BackendStream<User>): void {
    // An attempt that may never end must not delay others beyond their own timeout.
    const shared = !http1Only && latest?.open === true && now() - latest.startedAt < connectTimeout
    if (!shared || latest === undefined) latest = connect()
    latest.waiting.add(stream)
    stream.attempt = latest
  }

  function connect(): Attempt<User> {
    const attempt: Attempt<User> = startAttempt(
      { ...options, owner },
      {
        http2(session) {
          http1Only = false
          sessions.add(session)
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
      },
    )
    return attempt
  }

  /** Assigns the session to as many streams as it has room for. One without any room counts as a failed connect. */
  function assignAll(session: Session<User>, waiting: readonly BackendStream<User>[]): void {
    const full = !hasRoom(session)
    for (const stream of waiting) {
      if (full) onConnectFailed(stream)
      else if (!suits(session, stream)) useHttp1Only(stream)
      else if (hasRoom(session)) {
        stream.assign(session)
        onConnected(stream.connection, context.events)
      } else waitForSession(stream)
    }
  }

  /** The first gets the connection, and uses it as one of HTTP/1.1; the others get one each. */
  function useHttp1(socket: TLSSocket, [first, ...others]: readonly BackendStream<User>[]): void {
    if (first !== undefined) {
      first.connection.copiesWrites = false
      attach(first.connection, socket, context.events)
      onConnected(first.connection, context.events)
    }
    others.forEach(waitForSession)
  }

  /** The backend takes WebSocket in HTTP/1.1 only, if at all. */
  function useHttp1Only(stream: BackendStream<User>): void {
    stream.attempt = undefined
    options.connectHttp1(stream)
  }

  /** There is no session: the request was never sent. */
  function onConnectFailed({ connection }: BackendStream<User>, error?: Error): void {
    if (connection.closed) return
    if (error === undefined) connection.reason = 'http2-handshake'
    else fail(connection, error)
    connection.closed = true
    context.events.closed(connection, false)
  }

  return {
    assign(stream) {
      for (const session of sessions) {
        if (hasRoom(session) && suits(session, stream)) {
          stream.assign(session)
          return
        }
      }
      if ([...sessions].some((session) => !suits(session, stream))) useHttp1Only(stream)
      else waitForSession(stream)
    },
    idle() {
      let idle = 0
      for (const { open } of sessions) if (open === 0) idle++
      return idle
    },
    closeIdle(before) {
      for (const session of sessions) {
        checkSession(session, now(), connectTimeout)
        if (session.open === 0 && session.idleSince <= before) closeSession(session)
      }
    },
    retire(addresses) {
      for (const session of sessions) {
        const { remoteAddress = '' } = session.socket
        if (!addresses.includes(remoteAddress)) closeSession(session)
      }
    },
    close() {
      closed = true
      sessions.forEach(closeSession)
    },
    get empty() {
      return sessions.size === 0 && latest?.open !== true
    },
  }
}

/** Whether a session can carry the request of a stream: WebSocket needs a setting of the backend (RFC 8441, section 3). */
function suits<User>({ http2 }: Session<User>, { websocket }: BackendStream<User>): boolean {
  return !websocket || http2.peerSettings.enableConnectProtocol === 1
}
