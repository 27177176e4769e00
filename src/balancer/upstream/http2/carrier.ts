import type { Http2Connection } from '../../../http2/connection.ts'

/** The session that carries streams, as they see it. */
export interface Carrier<Stream> {
  readonly http2: Http2Connection<Stream>
  readonly socket: { readonly destroyed: boolean }
  /** Streams whose writer waits until the output of the session was taken. */
  readonly blocked: Set<Stream>
  /** Bytes of pending output from which on writers wait. */
  readonly maxOutput: number
  /** Streams that are open, or about to be. */
  open: number
  /** Bytes of responses that wait in streams for their clients. */
  waiting: number
  /** It served a request before, so the backend may have closed it in the meantime. */
  used: boolean
  /** It takes no more streams: it is closed, or one side announced that it will close it. */
  closing: boolean
  /** The output has the head of a request that must not be sent twice. */
  carriesOnceOnly: boolean
  /** Passes the output to the socket, at the end of this turn of the event loop. */
  scheduleFlush(): void
  /** Checks whether the backend is alive. */
  ping(): void
  /** The response of a stream was read, and its end must come soon. */
  awaitEnd(stream: Stream): void
  /** A stream is reset. */
  countReset(): void
  /** A stream ended. */
  ended(stream: Stream): void
}
