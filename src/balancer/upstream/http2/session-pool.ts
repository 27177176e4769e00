import type { TLSSocket } from 'node:tls'
import type { BackendAddress } from '../../config/backend-address.ts'
import { attach, stand } from '../connection.ts'
import { type Attempt, type AttemptOptions, attempt } from './connect.ts'
import { hasRoom, newSession, retire, type Session } from './session.ts'
import { assignSession, type Http2Stream } from './stream.ts'

/** The ways of one worker to one backend. */
export interface SessionPool {
  /** Takes a passage to a session that has room, at once or when there is one. */
  send(passage: Http2Stream): void
  /** Sessions without a request. */
  idle(): number
  /** Closes sessions that have had no request since `oldest`, in seconds. */
  closeIdle(oldest: number): void
  /** Opens nothing more, and closes what there is once its requests have ended. */
  close(): void
}

/** What ways are made with. */
export interface SessionPoolOptions extends Omit<AttemptOptions, 'now'> {
  readonly address: BackendAddress
  /** Seconds of the lane's clock, and those that an attempt may take. */
  readonly now: () => number
  readonly patience: number
}

/**
 * Requests share sessions: as few as there may be, since a backend says how many requests it takes in
 * one at a time. While one is opened all wait for it; those that it has no room for wait for the next.
 * Where the backend turns out to speak HTTP/1.1 only, each request gets a connection of its own.
 */
export function newSessionPool({ now, patience, ...given }: SessionPoolOptions): SessionPool {
  const sessions = new Set<Session>()
  let latest: Attempt | undefined
  let plain = false
  let closed = false

  function join(passage: Http2Stream): void {
    // One that may never end must not keep others waiting for it, too.
    const shared = !plain && latest?.open === true && now() - latest.startedAt < patience
    if (!shared || latest === undefined) latest = launch()
    latest.waiting.add(passage)
    passage.attempt = latest
  }

  function launch(): Attempt {
    const self = attempt(
      { ...given, now: now() },
      {
        multiplexed(http2) {
          plain = false
          const session = newSession(http2, now())
          sessions.add(session)
          http2.on('close', () => sessions.delete(session))
          enter(session, [...self.waiting])
          if (closed) retire(session)
        },
        plain(socket) {
          plain = true
          adopt(socket, [...self.waiting])
        },
        failed: () => self.waiting.forEach(fail),
      },
    )
    return self
  }

  /** All who have room go in; a session without room for anyone is no way at all. */
  function enter(session: Session, waiting: readonly Http2Stream[]): void {
    const none = !hasRoom(session)
    for (const passage of waiting) {
      if (none) fail(passage)
      else if (hasRoom(session)) {
        assignSession(passage, session)
        stand(passage.upstream, passage.of.events)
      } else join(passage)
    }
  }

  /** The first gets the connection, with HTTP/1.1 as if there had never been anything else. */
  function adopt(socket: TLSSocket, [first, ...others]: readonly Http2Stream[]): void {
    if (first !== undefined) {
      attach(first.upstream, socket, first.of.events)
      stand(first.upstream, first.of.events)
    }
    others.forEach(join)
  }

  return {
    send(passage) {
      for (const session of sessions) {
        if (hasRoom(session)) {
          assignSession(passage, session)
          return
        }
      }
      join(passage)
    },
    idle() {
      let idle = 0
      for (const { open } of sessions) if (open === 0) idle++
      return idle
    },
    closeIdle(oldest) {
      for (const session of sessions) {
        if (session.open === 0 && session.idleSince <= oldest) retire(session)
      }
    },
    close() {
      closed = true
      sessions.forEach(retire)
    },
  }
}

/** No session can be had: the request was never sent. */
function fail({ upstream, of }: Http2Stream): void {
  if (upstream.gone) return
  upstream.gone = true
  of.events.gone(upstream, false)
}
