import type { Socket } from 'node:net'
import type { Carrier } from './backend-stream.ts'

/** One connection to a backend in HTTP/2. Times are in seconds. */
export interface Session<User> extends Carrier<User> {
  readonly socket: Socket
  /** The output is passed to the socket at the end of this turn of the event loop. */
  flushScheduled: boolean
  /** The last write was completed; one function for all writes. */
  readonly onWritten: () => void
  /** The socket closes once the output is written. */
  leaving: boolean
  /** The socket is closed. */
  lost: boolean
  /** A write failed: the backend no longer reads, though a response may still come. */
  writeFailed: boolean
  /** When its last stream ended, and when its time limits were checked last. */
  idleSince: number
  checkedAt: number
  /** Since when a PING is not acknowledged, and the socket is to close; Infinity: not now. */
  pingedAt: number
  leavingSince: number
  /** Streams whose response was read, and whose end has not come yet. */
  readonly ending: Set<{ readonly readSince: number; reset(code: number): void }>
}
