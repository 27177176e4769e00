import type { FieldList } from './field-list.ts'
import { newReceiveWindow, type ReceiveWindow } from './receive-window.ts'

/** The way in which a stream was closed. */
export type StreamEnding =
  /** Both sides ended it. */
  | 'complete'
  /** The peer reset it. */
  | 'peer'
  /** This side reset it: its owner, or because of a stream error. */
  | 'self'
  /** The connection ended, or GOAWAY of the peer excludes the stream. */
  | 'connection'

/** A stream, open or closed. `User` is the type of the record that its owner attaches to it. */
export interface Http2Stream<User> {
  readonly id: number
  user: User | undefined
  /** The peer has ended its side: the received message is complete. */
  readonly remoteEnded: boolean
  /** END_STREAM was written to the output. */
  readonly localEnded: boolean
  /** How it was closed; undefined while it is open. */
  readonly ending: StreamEnding | undefined
  /** The error code with which it was closed. */
  readonly code: number
  /** The peer has not processed it: the request may be retried, whatever its method (RFC 9113, section 8.7). */
  readonly unprocessed: boolean
  /** Bytes of data that are queued, for a window or for room in the output. */
  readonly queued: number
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** The internal state of a stream. */
export interface StreamState<User> extends Writable<Http2Stream<User>> {
  /** Bytes that may be sent; negative after the peer made windows smaller (RFC 9113, section 6.9.2). */
  sendWindow: number
  readonly received: ReceiveWindow
  /** Bytes of content that are missing according to Content-Length; −1: no Content-Length. */
  missing: number
  /** The received message must have no content: the response to HEAD, 204 or 304. */
  empty: boolean
  /** The method of the request, if the content of the response depends on it. */
  method: 'HEAD' | 'CONNECT' | undefined
  /** The header section of the request or of the final response was received. */
  headReceived: boolean
  /** Number of interim responses received. */
  interim: number
  /** A header section was sent. */
  headSent: boolean
  /** The owner has ended our side. END_STREAM may still be queued. */
  endTaken: boolean
  /** Queued data. The first buffer was sent up to `queueStart`. */
  readonly queue: Buffer[]
  queueStart: number
  /** Trailers that are queued after the data. */
  trailers: FieldList | undefined
  /** Received data is discarded, and the stream is reset with NO_ERROR after END_STREAM. */
  discards: boolean
}

/** Initial windows of a stream, in bytes. */
export interface StreamWindows {
  readonly send: number
  readonly receive: number
}

/** A new stream. */
export function newStream<User>(
  id: number,
  user: User | undefined,
  { send, receive }: StreamWindows,
): StreamState<User> {
  return {
    id,
    user,
    remoteEnded: false,
    localEnded: false,
    ending: undefined,
    code: 0,
    unprocessed: false,
    queued: 0,
    sendWindow: send,
    received: newReceiveWindow(receive),
    missing: -1,
    empty: false,
    method: undefined,
    headReceived: false,
    interim: 0,
    headSent: false,
    endTaken: false,
    queue: [],
    queueStart: 0,
    trailers: undefined,
    discards: false,
  }
}
