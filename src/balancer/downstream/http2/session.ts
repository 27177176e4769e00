import type { Socket } from 'node:net'
import { createHttp2Connection } from '../../../http2/connection.ts'
import { newWindowBudget } from '../../../http2/window-budget.ts'
import { releaseRead } from '../../io/release-read.ts'
import { clientInfo } from '../client-info.ts'
import { type ClientConnection, destroyConnection } from '../connection.ts'
import { beginRequests } from './begin-requests.ts'
import { flush } from './flush.ts'
import { responseScratch } from './response-writer.ts'
import { sessionEvents } from './session-events.ts'
import { sessionLimits } from './session-limits.ts'
import type { SessionState } from './session-state.ts'
import { checkSession } from './session-timeouts.ts'

/**
 * Bytes of request bodies that the clients of a worker may send beyond the default window of their connections, and that
 * a backend has not read: 64 MiB.
 */
const windowBudget = newWindowBudget(64 * 1024 * 1024)

/**
 * Starts HTTP/2 on a connection, with the bytes that it has sent so far: each stream is a client connection
 * of its own from now on.
 */
export function startSession<User>(connection: ClientConnection<User>, socket: Socket): void {
  const { input, at } = connection
  connection.input = undefined
  connection.state = 'session'
  connection.info = clientInfo(connection.context.settings, { ...connection.info, http2: true })
  const session = newSession(connection, socket)
  connection.session = {
    receive: (bytes) => receive(session, bytes),
    checkTimeouts: (now) => checkSession(session, now),
    close: () => shutdown(session),
    ended: () => receiveEnd(session),
  }
  socket.on('close', () => session.http2.lost())
  if (input !== undefined) receive(session, input.subarray(at))
  flush(session)
}

function newSession<User>(connection: ClientConnection<User>, socket: Socket): SessionState<User> {
  const { context } = connection
  const limits = sessionLimits(context.settings)
  const now = context.now()
  const session: SessionState<User> = {
    connection,
    socket,
    http2: createHttp2Connection({
      role: 'server',
      limits,
      events: sessionEvents<User>(() => session),
      extendedConnect: true,
      windowBudget,
    }),
    scratch: responseScratch(context.settings.limits.fields),
    blocked: new Set(),
    finishing: new Set(),
    beginning: [],
    gathering: new Set(),
    maxOutput: limits.output,
    scheduleFlush() {
      if (session.flushScheduled) return
      session.flushScheduled = true
      setImmediate(flush, session)
    },
    flushScheduled: false,
    settingsReceived: false,
    shuttingDown: false,
    closing: false,
    startedAt: now,
    checkedAt: now,
    headSince: Number.POSITIVE_INFINITY,
    writingSince: Number.POSITIVE_INFINITY,
    shutdownSince: Number.POSITIVE_INFINITY,
  }
  return session
}

function receive<User>(session: SessionState<User>, bytes: Buffer): void {
  const { connection, http2 } = session
  if (connection.state !== 'session') return
  http2.receive(bytes)
  beginRequests(session)
  for (const stream of session.gathering) stream.passGathered()
  session.gathering.clear()
  // All of it is processed or copied.
  releaseRead(bytes)
  if (!http2.midHead) session.headSince = Number.POSITIVE_INFINITY
  else if (session.headSince === Number.POSITIVE_INFINITY)
    session.headSince = connection.context.now()
  session.scheduleFlush()
}

/** Starts a graceful shutdown: GOAWAY, and then the client has `timeouts.linger` to acknowledge it. */
function shutdown<User>(session: SessionState<User>): void {
  const { connection, http2 } = session
  connection.deadline = Number.POSITIVE_INFINITY
  if (session.shuttingDown) return
  session.shuttingDown = true
  session.shutdownSince = connection.context.now()
  http2.shutdown()
  session.scheduleFlush()
}

/**
 * The client closed its side. As in HTTP/1.1 it still gets the responses to its complete requests; then the connection
 * closes. PINGs find out whether it has closed the connection: session-timeouts.ts.
 */
function receiveEnd<User>(session: SessionState<User>): void {
  const { connection, http2, socket } = session
  for (const { remoteEnded, user } of http2.streams()) if (!remoteEnded) user?.halfClosed()
  const allSent = http2.pendingOutput === 0 && socket.writableLength === 0
  if (http2.openStreams === 0 && allSent) destroyConnection(connection)
  else {
    http2.goAway()
    session.scheduleFlush()
  }
}
