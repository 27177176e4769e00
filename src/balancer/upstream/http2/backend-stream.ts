import type { Http2Stream } from '../../../http2/stream.ts'
import type { ByteQueue } from '../../io/byte-queue.ts'
import type { ByteStream } from '../../io/byte-stream.ts'
import { newConnection, type UpstreamConnection } from '../connection.ts'
import type { Carrier } from './carrier.ts'
import { deliver, deliverWaiting } from './deliver-response.ts'
import { abandon } from './end-stream.ts'
import { newRequest } from './request-writer.ts'
import { send, sendEnd } from './send-request.ts'
import type { StreamContext, StreamOptions, StreamState } from './stream-state.ts'
import { isWaiting } from './waiting-bytes.ts'

/** A connect that streams wait for. */
interface Attempt<User> {
  /** Removes a stream from the waiting ones. */
  cancel(stream: BackendStream<User>): void
}

/** Options of a stream, and its backend's row and name. */
interface BackendStreamOptions extends StreamOptions {
  readonly row: number
  readonly id: string
}

/**
 * An HTTP/2 stream that is used like a connection of HTTP/1.1: bytes of a request are written to it, and bytes of the
 * response come from it. All bytes are copied or sent within `write`. While it is paused, bytes of the response wait
 * here, and the windows of HTTP/2 bound them.
 */
export class BackendStream<User> implements ByteStream, StreamState<User> {
  readonly context: StreamContext<User>
  readonly connection: UpstreamConnection<User>
  readonly scheme: 'http' | 'https'
  readonly fresh: boolean
  readonly websocket: boolean
  readonly request = newRequest()
  /** The connect that it waits for, until it has a session. */
  attempt: Attempt<User> | undefined
  carrier: Carrier<StreamState<User>> | undefined
  stream: Http2Stream<StreamState<User>> | undefined
  counts = false
  bytesWritten = 0
  headReceived = false
  chunked = false
  complete = false
  tunnel = false
  paused = false
  waiting: ByteQueue | undefined
  unread = 0
  readSince = 0

  constructor(
    context: StreamContext<User>,
    { scheme, fresh, websocket, row, id }: BackendStreamOptions,
  ) {
    this.context = context
    this.scheme = scheme
    this.fresh = fresh
    this.websocket = websocket
    this.connection = newConnection<User>(this, row, id)
    this.connection.copiesWrites = true
  }

  /** Has the stream use a session that has room. */
  assign(carrier: Carrier<StreamState<User>>): void {
    carrier.open++
    this.counts = true
    this.attempt = undefined
    this.carrier = carrier
    this.connection.reused = carrier.used && !this.fresh
    this.connection.connected = true
  }

  get writableLength(): number {
    return this.stream?.queued ?? 0
  }

  write(bytes: Buffer): boolean {
    return send(this, bytes)
  }

  deliver(bytes: Buffer): void {
    deliver(this, bytes)
  }

  pause(): void {
    this.paused = true
  }

  isPaused(): boolean {
    return this.paused
  }

  /** Bytes that wait are delivered later, as by a socket. */
  resume(): void {
    if (!this.paused) return
    this.paused = false
    if (isWaiting(this)) setImmediate(deliverWaiting<User>, this)
  }

  end(): void {
    sendEnd(this)
  }

  destroy(): void {
    const { attempt } = this
    this.attempt = undefined
    attempt?.cancel(this)
    abandon(this)
  }
}
