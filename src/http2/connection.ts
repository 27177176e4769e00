import { replenish } from './budget.ts'
import { abandon, abortStream, end } from './close-stream.ts'
import { type Http2Options, newConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import type { FieldList } from './field-list.ts'
import { isMidFrame } from './frame-reader.ts'
import { announceGoAway, announceLast, ping } from './go-away.ts'
import { hasRoom, openRequest } from './open-request.ts'
import { spareMemory, takeMemory } from './output.ts'
import { frameSink, receive } from './receive.ts'
import { consume } from './receive-credit.ts'
import { sendData, sendHeaders, sendTrailers, sendWaiting } from './send-message.ts'
import type { PeerSettings } from './settings.ts'
import { startConnection } from './start-connection.ts'
import type { Http2Stream, StreamState } from './stream.ts'

/**
 * One side of an HTTP/2 connection: RFC 9113. It has no socket and no clock: the owner passes received bytes to
 * `receive`, writes the bytes of `takeOutput`, and is called back by `Http2Events`.
 *
 * The owner takes the output after each call, unless its socket still has unwritten bytes: then the output is
 * left here, and further data is queued with its stream. While `wantsRead` is false, the owner does not read from
 * the socket, so that a peer that does not read cannot make the output grow. If the owner follows both rules, the
 * memory of a connection is bounded by its limits, whatever the peer sends.
 *
 * Flow control: send-message.ts holds data back for the windows of the peer, which receive-control.ts opens again; our
 * own windows are in receive-window.ts and receive-credit.ts. Toward clients, downstream/http2/response-writer.ts calls
 * `sendData` and stream-socket.ts calls `consume`.
 */
export interface Http2Connection<User> {
  /** Processes bytes of the peer, in pieces of any size. On return they are processed or copied. Never throws. */
  receive(bytes: Buffer): void
  /** The bytes to write next; empty: none. They stay valid, and may be followed by more at once. */
  takeOutput(): Buffer
  /** The bytes of the last `takeOutput` were written: their memory is reused. Optional, saves allocations. */
  outputWritten(): void
  /**
   * The bytes of the last `takeOutput` could not be written, nor can any others.
   *
   * @param unsent none of them was: the peer has not processed the requests that begin in them
   */
  outputFailed(unsent: boolean): void
  /** Bytes of output that were not taken yet, without the queued data of streams. */
  readonly pendingOutput: number
  /** The owner may read from the socket: there is room for output that received frames cause. */
  readonly wantsRead: boolean

  /** Client: whether the peer takes a further stream now. */
  hasRoom(): boolean
  /** Client: opens a stream with a request. Returns undefined if `hasRoom` is false. */
  openStream(fields: FieldList, end: boolean, user: User): Http2Stream<User> | undefined
  /** Sends the head of a response, interim or final. */
  sendHeaders(stream: Http2Stream<User>, fields: FieldList, end: boolean): void
  /**
   * Sends data. All of it is accepted: data beyond the windows or the limit of output is copied and queued.
   *
   * @returns false if data of the stream is queued: the owner should wait for `drained`
   */
  sendData(stream: Http2Stream<User>, bytes: Buffer, end: boolean): boolean
  /** Sends trailers, which end the message, after all of its data. */
  sendTrailers(stream: Http2Stream<User>, fields: FieldList): void
  /**
   * Resets a stream: queued data is discarded. With NO_ERROR, a message of this side that has been ended is sent in
   * full first; only then the peer is asked to stop sending (RFC 9113, section 8.1).
   */
  resetStream(stream: Http2Stream<User>, code: number): void
  /** Reports bytes of `data` events as consumed, so that the peer may send more. Also needed after `closed` if the
   * message was complete; bytes beyond the unread ones are ignored. */
  consume(stream: Http2Stream<User>, bytes: number): void

  /** Number of open streams. */
  readonly openStreams: number
  /**
   * Bytes of `limits.unread` that no stream may use up: as long as it is not negative, streams whose data is not consumed
   * hold up no other.
   */
  readonly unpromised: number
  /** The open streams; those that are closed meanwhile are left out. */
  streams(): Iterable<Http2Stream<User>>
  /** A header section, or a frame other than DATA, is incomplete: the owner should limit the time for it. */
  readonly midHead: boolean
  /** The peer has acknowledged our SETTINGS. */
  readonly acknowledged: boolean
  readonly peerSettings: Readonly<PeerSettings>
  /** Sends a PING: `pong` is reported when the peer acknowledges it. */
  ping(): void
  /** Replenishes the budgets of frames for a number of seconds that have passed. */
  replenish(seconds: number): void
  /** Starts a graceful shutdown in two steps, so that requests in flight are served; `finished` follows. */
  shutdown(): void
  /** Sends the final GOAWAY now, without waiting for the peer: new streams are ignored; `finished` follows. */
  goAway(): void
  /** Ends the connection: GOAWAY is the last output, and all streams are closed. */
  destroy(code?: number): void
  /** The socket was closed: all streams are closed, and there is no further output. */
  lost(): void
}

/** Creates a connection. Its preface is the first output. */
export function createHttp2Connection<User>(options: Http2Options<User>): Http2Connection<User> {
  const connection = newConnectionState(options)
  const sink = frameSink(connection)
  const { output, limits } = connection
  startConnection(connection)
  return {
    receive: (bytes) => receive(connection, sink, bytes),
    takeOutput() {
      sendWaiting(connection)
      const { length } = output
      const bytes = takeMemory(output)
      connection.lent = bytes
      if (!connection.outputFailed && length > 0) {
        connection.takenBefore = connection.lastTaken
        connection.lastTaken = connection.lastStream
      }
      return bytes.subarray(0, length)
    },
    outputWritten() {
      if (connection.lent !== undefined) spareMemory(connection.lent)
      connection.lent = undefined
    },
    outputFailed(unsent) {
      connection.outputFailed = true
      if (unsent) connection.lastTaken = connection.takenBefore
    },
    get pendingOutput() {
      return output.length
    },
    get wantsRead() {
      return output.length <= limits.blockedOutput
    },
    hasRoom: () => hasRoom(connection),
    openStream: (fields, end, user) => openRequest(connection, user, { fields, end }),
    sendHeaders: (stream, fields, end) => sendHeaders(connection, state(stream), { fields, end }),
    sendData: (stream, bytes, end) => sendData(connection, state(stream), { bytes, end }),
    sendTrailers: (stream, fields) => sendTrailers(connection, state(stream), fields),
    resetStream(stream, code) {
      const { endTaken, localEnded } = stream as StreamState<User>
      if (code !== errorCode.noError || !endTaken || localEnded) {
        abortStream(connection, state(stream), code)
      } else state(stream).discards = true
    },
    consume: (stream, bytes) => consume(connection, state(stream), bytes),
    get openStreams() {
      return connection.streams.size
    },
    get unpromised() {
      return limits.unread - connection.promised
    },
    streams: () => connection.streams.values(),
    get midHead() {
      return connection.block.stream !== 0 || isMidFrame(connection.reader)
    },
    get acknowledged() {
      return connection.acknowledged
    },
    peerSettings: connection.peer,
    ping: () => ping(connection),
    replenish: (seconds) => replenish(connection.budgets, seconds),
    shutdown: () => announceGoAway(connection),
    goAway: () => announceLast(connection),
    destroy: (code = errorCode.noError) => end(connection, code, ''),
    lost() {
      abandon(connection, errorCode.cancel)
      takeMemory(output)
    },
  }
}

/** Every `Http2Stream` is the state of a stream. */
function state<User>(stream: Http2Stream<User>): StreamState<User> {
  return stream as StreamState<User>
}
