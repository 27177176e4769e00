import type { FieldList } from './field-list.ts'
import { newReceiveWindow, type ReceiveWindow } from './receive-window.ts'

/** How a stream came to its end. */
export type StreamEnding =
  /** Both sides ended it. */
  | 'complete'
  /** The peer reset it. */
  | 'peer'
  /** This side reset it: the caller, or because of an error of the peer. */
  | 'self'
  /** The connection failed, or the peer goes away without having processed the stream. */
  | 'connection'

/** A stream that is open, or was. `User` is the record that its owner keeps with it. */
export interface Http2Stream<User> {
  readonly id: number
  user: User | undefined
  /** The peer ended its side: what was received is complete. */
  readonly remoteEnded: boolean
  /** END_STREAM was sent, or waits in the output. */
  readonly localEnded: boolean
  /** How it ended; undefined while it is open. */
  readonly ending: StreamEnding | undefined
  /** The error code with which it ended. */
  readonly code: number
  /** The peer did not process it: any request may be sent again elsewhere (RFC 9113, section 8.7). */
  readonly unprocessed: boolean
  /** Bytes of data that wait for a window or for room in the output. */
  readonly queued: number
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** A stream with what only its connection knows. */
export interface StreamState<User> extends Writable<Http2Stream<User>> {
  /** Bytes that may be sent; negative after the peer made windows smaller (RFC 9113, section 6.9.2). */
  sendWindow: number
  readonly received: ReceiveWindow
  /** Bytes that are missing of the content by its Content-Length; −1: it has none. */
  missing: number
  /** The message that is received has no content: the response to HEAD, 204 or 304. */
  empty: boolean
  /** The method of the request, where it decides about the content of the response. */
  method: 'HEAD' | 'CONNECT' | undefined
  /** The header section of the request, or of the final response, came. */
  headReceived: boolean
  /** Interim responses that came. */
  interim: number
  /** A header section was sent. */
  headSent: boolean
  /** The caller sends nothing more: the end waits behind the queue where END_STREAM was not sent yet. */
  endTaken: boolean
  /** Data that waits. The first piece was sent up to `queueStart`. */
  readonly queue: Buffer[]
  queueStart: number
  /** Trailers that wait behind the queue. */
  trailers: FieldList | undefined
  /** What is received is thrown away, and the stream is reset without an error once its end was sent. */
  discards: boolean
}

/** The windows of a new stream, in bytes. */
export interface StreamWindows {
  readonly send: number
  readonly receive: number
}

/** A stream that was just opened. */
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
