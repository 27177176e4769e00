import type { FieldList } from './field-list.ts'
import type { Http2Head } from './head-check.ts'
import type { PeerSettings } from './settings.ts'
import type { Http2Stream } from './stream.ts'

/** What is wrong with the head of a request. */
export type HeadProblem = 'malformed' | 'too large'

/**
 * What a connection reports, always within a call of one of its functions. Lists of fields and data are views that
 * hold until the event returns. An event may call any function of the connection.
 */
export interface Http2Events<User> {
  /**
   * The head of a request, or of a response: `head.status` below 200 is interim. Statuses outside 100 to 599 are
   * reported like others. `end`: the message has no content and no trailers.
   */
  headers(stream: Http2Stream<User>, head: Http2Head, end: boolean): void
  /**
   * A request whose head must not be passed on. It may be answered (400, 431); without a response when the
   * event returns, its stream is reset. Its content is thrown away.
   */
  refused(stream: Http2Stream<User>, problem: HeadProblem): void
  /** Data, to be consumed with `consume`. `end`: nothing follows. `bytes` may be empty then. */
  data(stream: Http2Stream<User>, bytes: Buffer, end: boolean): void
  /** Trailers, which end the message. */
  trailers(stream: Http2Stream<User>, fields: FieldList): void
  /** All data of the stream that waited has been sent: `sendData` takes more. */
  drained(stream: Http2Stream<User>): void
  /** The stream has ended, once for each stream: see `ending`, `code` and `unprocessed`. */
  closed(stream: Http2Stream<User>): void
  /** The peer sent SETTINGS. */
  settings(peer: Readonly<PeerSettings>): void
  /** The peer acknowledged a `ping`. */
  pong(): void
  /** The peer goes away: streams above `lastStream` have ended, unprocessed. */
  goAway(code: number, lastStream: number, debug: Buffer): void
  /** One side has gone away and the last stream has ended: the connection is to be closed. */
  finished(): void
  /** The peer broke a rule: what is in the output is to be written, and the connection to be closed. */
  failed(code: number, reason: string): void
}
