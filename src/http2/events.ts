import type { FieldList } from './field-list.ts'
import type { Http2Head } from './head-check.ts'
import type { PeerSettings } from './settings.ts'
import type { Http2Stream } from './stream.ts'

/** The reason why the head of a request is refused. */
export type HeadProblem = 'malformed' | 'too large'

/**
 * Events of a connection. They are called within calls of its functions, and may call any of its functions. Field
 * lists and data are views that are valid until the event returns.
 */
export interface Http2Events<User> {
  /**
   * The head of a request or response; a status of 100 to 199 is interim. Statuses outside 100 to 599 are reported
   * like all others. `end`: the message has neither content nor trailers.
   */
  headers(stream: Http2Stream<User>, head: Http2Head, end: boolean): void
  /**
   * The head of a request that must not be forwarded. The owner may send a response (400, 431) within the event;
   * otherwise the stream is reset. The content is discarded, and no event but `closed` follows.
   */
  refused(stream: Http2Stream<User>, problem: HeadProblem): void
  /** Data, which the owner must `consume`. `end`: the message is complete; `bytes` may be empty then. */
  data(stream: Http2Stream<User>, bytes: Buffer, end: boolean): void
  /** Trailers: the message is complete. */
  trailers(stream: Http2Stream<User>, fields: FieldList): void
  /** All queued data of a stream was sent: `sendData` may be called again. */
  drained(stream: Http2Stream<User>): void
  /** The stream was closed, once for each stream: see `ending`, `code` and `unprocessed`. */
  closed(stream: Http2Stream<User>): void
  /** SETTINGS of the peer were received. */
  settings(peer: Readonly<PeerSettings>): void
  /** A `ping` was acknowledged. */
  pong(): void
  /** GOAWAY of the peer was received: streams above `lastStream` were closed as unprocessed. */
  goAway(code: number, lastStream: number, debug: Buffer): void
  /** The last stream after GOAWAY was closed: the owner should close the socket once the output is written. */
  finished(): void
  /** The connection ended because of an error of the peer: the owner should write the output and close the socket. */
  failed(code: number, reason: string): void
}
