import type { Socket } from 'node:net'
import type { ClientConnection } from '../connection.ts'
import type { Carrier } from './stream-socket.ts'

/** HTTP/2 on the connection of a client. Times are in seconds. */
export interface SessionState<User> extends Carrier<User> {
  readonly connection: ClientConnection<User>
  readonly socket: Socket
  /** The output is passed to the socket at the end of this turn of the event loop. */
  flushScheduled: boolean
  /** The SETTINGS of the client were received. */
  settingsReceived: boolean
  /** A graceful shutdown was started. */
  shuttingDown: boolean
  /** The connection closes once its output is written. */
  closing: boolean
  /** When the session started, and when its time limits were checked last. */
  readonly startedAt: number
  checkedAt: number
  /** Since when a head is incomplete, bytes are not written, a shutdown is not acknowledged; Infinity: not now. */
  headSince: number
  writingSince: number
  shutdownSince: number
}
