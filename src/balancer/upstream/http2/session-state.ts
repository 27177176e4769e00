import type { Socket } from 'node:net'
import type { Carrier } from './carrier.ts'
import type { StreamState } from './stream-state.ts'

/** One connection to a backend in HTTP/2. Times are in seconds. */
export interface Session<User> extends Carrier<StreamState<User>> {
  readonly socket: Socket
  /** The output is passed to the socket at the end of this turn of the event loop. */
  flushScheduled: boolean
  /** The last write was completed; one function for all writes. */
  readonly onWritten: () => void
  /**
   * Reads what the kernel holds of the connection, and the end of it, which the event loop has not seen yet. Returns
   * whether it is open.
   */
  readAhead: (() => boolean) | undefined
  /** The connection is closed: ends all streams. */
  readonly lose: () => void
  /** The socket closes once the output is written. */
  leaving: boolean
  /** The socket is closed. */
  lost: boolean
  /** A write failed: the backend no longer reads, though a response may still come. */
  writeFailed: boolean
  /** Bytes that the backend may send on each stream at first. */
  readonly streamWindow: number
  /** Streams that were reset, less those that its age allows. */
  resets: number
  /** When its last stream ended, and when its time limits were checked last. */
  idleSince: number
  checkedAt: number
  /** Since when a PING is not acknowledged, and the socket is to close; Infinity: not now. */
  pingedAt: number
  leavingSince: number
  /** Streams whose response was read, and whose end has not come yet. */
  readonly ending: Set<StreamState<User>>
}
