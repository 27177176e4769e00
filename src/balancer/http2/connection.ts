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
 * One side of a connection in HTTP/2: RFC 9113. It has no socket and no clock: bytes of the peer are put in with
 * `receive`, bytes for the peer are taken out with `takeOutput`, and what happens is reported by the events.
 *
 * After each call that may produce output the owner takes it and writes it, unless its socket is still busy with
 * what was taken before: then output waits here, and data with its stream. While `wantsRead` is false nothing
 * should be received, so that a peer that does not read cannot make the output grow. With both held to, the
 * memory that a connection takes is bounded by its limits, whatever the peer sends.
 */
export interface Http2Connection<User> {
  /** Takes bytes of the peer, in pieces of any size. They are read or copied on return. Never throws. */
  receive(bytes: Buffer): void
  /** Everything that is to be written now; empty where there is nothing. It is the caller's until `outputWritten`. */
  takeOutput(): Buffer
  /** What `takeOutput` returned last was written, so that its memory can be used again. */
  outputWritten(): void
  /** Bytes of output that wait to be taken, without the data that waits with streams. */
  readonly pendingOutput: number
  /** There is room for the output that received frames may cause. */
  readonly wantsRead: boolean

  /** As a client: whether the peer takes one more stream now. */
  hasRoom(): boolean
  /** As a client: opens a stream with a request; undefined where there is no room for one. */
  openStream(fields: FieldList, end: boolean, user: User): Http2Stream<User> | undefined
  /** Sends the head of a response, interim or final. */
  sendHeaders(stream: Http2Stream<User>, fields: FieldList, end: boolean): void
  /**
   * Sends data, all of which is taken: what there is no room for is copied, and waits.
   *
   * @returns false where something waits: `drained` is reported when more should be sent
   */
  sendData(stream: Http2Stream<User>, bytes: Buffer, end: boolean): boolean
  /** Sends trailers, which end the message, behind all of its data. */
  sendTrailers(stream: Http2Stream<User>, fields: FieldList): void
  /**
   * Ends a stream at once. With NO_ERROR, a message of ours whose end is taken is sent in full before: then the
   * peer is asked to send no more of its own (RFC 9113, section 8.1).
   */
  resetStream(stream: Http2Stream<User>, code: number): void
  /** Bytes of `data` events were consumed, so that the peer may send more; also after the stream has ended. */
  consume(stream: Http2Stream<User>, bytes: number): void

  /** Streams that are open. */
  readonly openStreams: number
  /** A frame or a header section has begun and not ended: a time limit of the owner should run. */
  readonly midHead: boolean
  /** The peer acknowledged our settings. */
  readonly acknowledged: boolean
  readonly peerSettings: Readonly<PeerSettings>
  /** Asks whether the peer is there: `pong` is reported. */
  ping(): void
  /** Seconds have passed: budgets for frames that cost the peer nothing are replenished. */
  replenish(seconds: number): void
  /** Leaves in two steps, so that no request on its way is lost; `finished` is reported behind the last stream. */
  shutdown(): void
  /** Takes no new stream from now on: the second step, at once. */
  goAway(): void
  /** Ends everything with GOAWAY, which is the last output. Streams are closed. */
  destroy(code?: number): void
  /** The socket is gone: streams are closed, and there is no more output. */
  lost(): void
}

/** Starts a connection: its preface and settings are the first output. */
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
      return bytes.subarray(0, length)
    },
    outputWritten() {
      if (connection.lent !== undefined) spareMemory(connection.lent)
      connection.lent = undefined
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

/** All streams that a caller has were made by a connection. */
function state<User>(stream: Http2Stream<User>): StreamState<User> {
  return stream as StreamState<User>
}
