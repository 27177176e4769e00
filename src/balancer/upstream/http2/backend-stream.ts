import { framing } from '../../http/framing.ts'
import type { Http2Connection } from '../../http2/connection.ts'
import { errorCode } from '../../http2/error-code.ts'
import type { FieldList } from '../../http2/field-list.ts'
import type { Http2Head } from '../../http2/head-check.ts'
import type { Http2Stream } from '../../http2/stream.ts'
import { ByteQueue } from '../../io/byte-queue.ts'
import type { ByteStream } from '../../io/byte-stream.ts'
import { newConnection, type UpstreamConnection, type UpstreamEvents } from '../connection.ts'
import { newRequest, type RequestScratch, readRequest, writeBody } from './request-writer.ts'
import type { ResponseBatch, ResponseReader } from './response-batch.ts'

/** Neither a head nor a chunk of HTTP/1.1: its reader reports an error. */
const malformed = Buffer.from('\0')
const noBytes = Buffer.alloc(0)
/** Bytes of interim responses that may wait for a client: the windows of HTTP/2 do not bound them. */
const maxInterim = 65_536

/** Shared by all streams of a worker. */
export interface StreamContext<User> {
  readonly events: UpstreamEvents<User>
  readonly scratch: RequestScratch
  readonly batch: ResponseBatch
}

/** The session that carries a stream. */
export interface Carrier<User> {
  readonly http2: Http2Connection<BackendStream<User>>
  readonly socket: { readonly destroyed: boolean }
  /** Streams whose writer waits until the output of the session was taken. */
  readonly blocked: Set<BackendStream<User>>
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
  awaitEnd(stream: BackendStream<User>): void
  /** A stream is reset. */
  countReset(): void
  /** A stream ended. */
  ended(stream: BackendStream<User>): void
}

/** A connect that streams wait for. */
interface Attempt<User> {
  /** Removes a stream from the waiting ones. */
  cancel(stream: BackendStream<User>): void
}

/** Options of a stream. */
interface StreamOptions {
  readonly scheme: 'http' | 'https'
  /** It is the second try of a request that an old connection lost, which is retried only once. */
  readonly fresh: boolean
  /** The request asks for WebSocket: RFC 8441. */
  readonly websocket: boolean
  /** The backend's row and name. */
  readonly row: number
  readonly id: string
}

/**
 * An HTTP/2 stream that is used like a connection of HTTP/1.1: bytes of a request are written to it, and bytes of the
 * response come from it. All bytes are copied or sent within `write`. While it is paused, bytes of the response wait
 * here, and the windows of HTTP/2 bound them.
 */
export class BackendStream<User> implements ByteStream, ResponseReader {
  readonly connection: UpstreamConnection<User>
  readonly websocket: boolean
  /** The connect that it waits for, until it has a session. */
  attempt: Attempt<User> | undefined
  /** Bytes of the body of the request that were written, framed as in HTTP/1.1. */
  bytesWritten = 0
  /** When its response was read before it ended, in seconds. */
  readSince = 0
  private readonly context: StreamContext<User>
  private readonly scheme: 'http' | 'https'
  private readonly fresh: boolean
  private carrier: Carrier<User> | undefined
  private stream: Http2Stream<BackendStream<User>> | undefined
  /** It counts among the open streams of its session. */
  private counts = false
  private readonly request = newRequest()
  /** The head of the final response was received; its body goes on in the chunked coding; it was received in full. */
  private headReceived = false
  private chunked = false
  private complete = false
  /** It carries bytes of another protocol: RFC 8441. */
  private tunnel = false
  private paused = false
  private waiting: ByteQueue | undefined
  /** Bytes of data that were received and not reported as consumed. */
  private unread = 0

  constructor(context: StreamContext<User>, { scheme, fresh, websocket, row, id }: StreamOptions) {
    this.context = context
    this.scheme = scheme
    this.fresh = fresh
    this.websocket = websocket
    this.connection = newConnection<User>(this, row, id)
    this.connection.copiesWrites = true
  }

  /** Has the stream use a session that has room. */
  assign(carrier: Carrier<User>): void {
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
    const { carrier, request } = this
    if (carrier === undefined) return true
    const more = this.stream === undefined ? this.start(carrier, bytes) : this.send(carrier, bytes)
    carrier.scheduleFlush()
    if (!more || request.ended || carrier.http2.pendingOutput <= carrier.maxOutput) return more
    carrier.blocked.add(this)
    return false
  }

  /** Takes the head of a response, interim or final. */
  receiveHead(head: Http2Head, ended: boolean): void {
    const { carrier, connection, context, request } = this
    if (carrier === undefined || connection.closed) return
    carrier.used = true
    this.headReceived = head.status < 100 || head.status > 199
    this.tunnel = request.tunnel && head.status >= 200 && head.status <= 299
    if (this.tunnel) {
      context.batch.addSwitch(this, head, request.accept)
      if (ended) this.receiveEnd(undefined)
      return
    }
    this.complete = ended
    this.chunked = context.batch.addHead(this, head, { ended, toHead: request.toHead })
  }

  /** Takes data of the body, which is valid only within this call. */
  receiveData(bytes: Buffer, ended: boolean): void {
    const { connection, context } = this
    this.unread += bytes.length
    if (connection.closed) this.consume(bytes.length)
    else if (bytes.length > 0) context.batch.addData(this, bytes, this.chunked)
    if (ended) this.receiveEnd(undefined)
  }

  /** Takes the end of the response. A body with a length cannot have trailers in HTTP/1.1. */
  receiveEnd(trailers: FieldList | undefined): void {
    this.complete = true
    if (this.tunnel) {
      this.context.batch.flushOf(this)
      if (!this.isWaiting()) this.endTunnel()
      return
    }
    if (this.chunked && !this.connection.closed) this.context.batch.addEnd(this, trailers)
  }

  /** The backend takes more of the request. */
  wake(): void {
    if (!this.connection.closed) this.context.events.writable(this.connection)
  }

  /** Passes bytes of the response on, or keeps a copy of them while the client is slow. */
  deliver(bytes: Buffer): void {
    const { connection, carrier, waiting } = this
    if (connection.closed || carrier === undefined) return
    if (!this.paused && (waiting === undefined || waiting.length === 0)) {
      this.context.events.data(connection, bytes)
      this.consume(this.unread)
      return
    }
    this.waiting ??= new ByteQueue()
    this.waiting.add(bytes)
    carrier.waiting += bytes.length
    if (!this.headReceived && this.waiting.length > maxInterim)
      this.reset(errorCode.enhanceYourCalm)
  }

  /** The stream was closed, by either side or with its session. */
  closed(): void {
    const { connection, context, stream, complete } = this
    // This side closes a stream whose response is still wanted only because of an error of the backend.
    const malformedResponse = stream?.ending === 'self' && !complete
    if (malformedResponse && connection.state === 'head') context.batch.dropOf(this)
    else context.batch.flushOf(this)
    this.release()
    if (connection.closed) return
    if (malformedResponse) this.fail()
    else if (!complete || !this.isWaiting()) this.lose()
    else if (stream?.localEnded === false) {
      connection.writeFailed = true
      context.events.writeFailed(connection)
    }
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
    if (this.isWaiting()) setImmediate(deliverWaiting<User>, this)
  }

  /** Delivers what waits, until the stream is paused. */
  deliverWaiting(): void {
    const { connection, carrier, context, waiting } = this
    if (carrier === undefined || waiting === undefined) return
    while (!this.paused && !connection.closed) {
      const bytes = waiting.shift()
      if (bytes === undefined) break
      carrier.waiting -= bytes.length
      this.consume(Math.min(bytes.length, this.unread))
      context.events.data(connection, bytes)
    }
    if (waiting.length > 0 || connection.closed) return
    this.consume(this.unread)
    if (this.tunnel && this.complete) this.endTunnel()
    else if (this.stream?.ending !== undefined) this.lose()
  }

  /** The client ended its side of a tunnel. */
  end(): void {
    const { carrier, stream, request } = this
    if (carrier === undefined || stream === undefined || request.ended) return
    request.ended = true
    carrier.http2.sendData(stream, noBytes, true)
    carrier.scheduleFlush()
  }

  /** The request is complete or given up: the backend need not go on with it. */
  destroy(): void {
    const { attempt, carrier, connection, stream } = this
    this.attempt = undefined
    attempt?.cancel(this)
    this.discardWaiting()
    if (carrier === undefined || stream?.ending !== undefined) return
    if (stream === undefined) {
      this.release()
      return
    }
    if (connection.state === 'head') carrier.ping()
    // The response came before the end of the request, which the backend does not need (RFC 9113, section 8.1).
    if (stream.remoteEnded) this.reset(this.request.ended ? errorCode.cancel : errorCode.noError)
    else if (stream.localEnded && isRead(connection)) carrier.awaitEnd(this)
    else this.reset(errorCode.cancel)
  }

  /** Resets the stream. */
  reset(code: number): void {
    const { carrier, stream } = this
    if (carrier === undefined || stream === undefined) return
    carrier.http2.resetStream(stream, code)
    carrier.countReset()
    carrier.scheduleFlush()
  }

  /** The stream ended before the response was complete. */
  lose(): void {
    const { context, connection, carrier, stream, fresh } = this
    if (connection.closed) return
    const { ending, code } = stream ?? { ending: undefined, code: 0 }
    const refused = ending === 'peer' && code === errorCode.refusedStream
    const unsent = stream === undefined || (stream.unprocessed && !refused)
    const sessionFails = ending === 'connection' && code !== errorCode.cancel && !unsent
    // A request that the backend did not process may be sent again, whatever it was: RFC 9113, section 8.7.
    connection.nothingSent = unsent || refused
    // The end of a session is no failure of the backend; an error in it is, and so is the end of a single stream.
    const sessionEnds = carrier?.closing === true && !sessionFails
    connection.reused = !fresh && (unsent || (connection.reused && sessionEnds))
    if (sessionFails) connection.reason = 'response-malformed'
    else if (ending === 'peer') connection.reason = 'reset-before-response'
    connection.closed = true
    context.events.closed(connection, false)
    this.discardWaiting()
  }

  /** Opens the stream with a request's head, and sends the part of its body that is behind it. */
  private start(carrier: Carrier<User>, bytes: Buffer): boolean {
    const { context, connection, request, scheme } = this
    const { scratch } = context
    const body = readRequest(request, scratch, { bytes, scheme, websocket: this.websocket })
    carrier.carriesOnceOnly ||= connection.onceOnly
    if (!carrier.closing && !carrier.socket.destroyed)
      this.stream = carrier.http2.openStream(scratch.fields, request.ended, this)
    if (this.stream === undefined) {
      // The session closed, or has less room since: as a write that fails at once on a connection that was reset.
      connection.writeFailed = true
      process.nextTick(loseStream<User>, this)
      return true
    }
    return body === bytes.length || this.send(carrier, bytes.subarray(body))
  }

  private send({ http2 }: Carrier<User>, bytes: Buffer): boolean {
    const { request, stream, context } = this
    if (stream === undefined) return true
    this.bytesWritten += bytes.length
    return writeBody(request, { http2, stream, scratch: context.scratch }, bytes)
  }

  /** The response is malformed: its reader says so, unless a part of it was passed on. */
  private fail(): void {
    const { connection, context } = this
    this.discardWaiting()
    if (connection.state === 'head') context.events.data(connection, malformed)
    this.lose()
  }

  /** The backend ended the tunnel, and all that it sent was delivered. */
  private endTunnel(): void {
    const { connection, context } = this
    if (connection.closed) return
    connection.closed = true
    context.events.closed(connection, true)
    this.reset(errorCode.noError)
  }

  private isWaiting(): boolean {
    return this.waiting !== undefined && this.waiting.length > 0
  }

  private consume(bytes: number): void {
    const { carrier, stream } = this
    if (bytes === 0 || carrier === undefined || stream === undefined) return
    this.unread -= bytes
    carrier.http2.consume(stream, bytes)
    carrier.scheduleFlush()
  }

  private discardWaiting(): void {
    const { carrier, context, waiting } = this
    context.batch.dropOf(this)
    if (carrier !== undefined && waiting !== undefined) carrier.waiting -= waiting.length
    waiting?.clear()
    this.consume(this.unread)
  }

  /** Ends its count among the streams of the session, once. */
  private release(): void {
    if (!this.counts) return
    this.counts = false
    this.carrier?.ended(this)
  }
}

/** Whether all of the response was read, though the end of the stream may not have come yet. */
function isRead<User>({ state, framing: kind, left }: UpstreamConnection<User>): boolean {
  return state === 'body' && kind === framing.length && left === 0
}

function deliverWaiting<User>(stream: BackendStream<User>): void {
  stream.deliverWaiting()
}

function loseStream<User>(stream: BackendStream<User>): void {
  stream.lose()
}
