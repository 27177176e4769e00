import type { Http2Stream } from '../../../http2/stream.ts'
import type { ByteQueue } from '../../io/byte-queue.ts'
import type { UpstreamConnection, UpstreamEvents } from '../connection.ts'
import type { Carrier } from './carrier.ts'
import type { RequestScratch, StreamRequest } from './request-writer.ts'
import type { ResponseBatch, ResponseReader } from './response-batch.ts'

/** Shared by all streams of a worker. */
export interface StreamContext<User> {
  readonly events: UpstreamEvents<User>
  readonly scratch: RequestScratch
  readonly batch: ResponseBatch
}

/** Options of a stream. */
export interface StreamOptions {
  readonly scheme: 'http' | 'https'
  /** It is the second try of a request that an old connection lost, which is retried only once. */
  readonly fresh: boolean
  /** The request asks for WebSocket: RFC 8441. */
  readonly websocket: boolean
}

/** One stream to a backend, with its request and its response. */
export interface StreamState<User> extends StreamOptions, ResponseReader {
  readonly context: StreamContext<User>
  readonly connection: UpstreamConnection<User>
  readonly request: StreamRequest
  /** The session, once there is one. */
  carrier: Carrier<StreamState<User>> | undefined
  /** The stream, once it is open. */
  stream: Http2Stream<StreamState<User>> | undefined
  /** It counts among the open streams of its session. */
  counts: boolean
  /** Bytes of the body of the request that were written, framed as in HTTP/1.1. */
  bytesWritten: number
  /** The head of the final response was received; its body goes on in the chunked coding; it was received in full. */
  headReceived: boolean
  chunked: boolean
  complete: boolean
  /** It carries bytes of another protocol: RFC 8441. */
  tunnel: boolean
  /** The client reads no more for now. Bytes that come meanwhile wait. */
  paused: boolean
  waiting: ByteQueue | undefined
  /** Bytes of data that were received and not reported as consumed. */
  unread: number
  /** When its response was read before it ended, in seconds. */
  readSince: number
}
