import type { Http2Connection } from '../../../http2/connection.ts'
import { errorCode } from '../../../http2/error-code.ts'
import type { Http2Stream } from '../../../http2/stream.ts'
import { ByteQueue } from '../../io/byte-queue.ts'
import {
  type ClientConnection,
  type ClientSocket,
  destroyConnection,
  onClosed,
  onHalfClosed,
  onWritable,
} from '../connection.ts'
import { readRequests, receive, receiveEnd } from '../receive.ts'
import {
  newResponse,
  type ResponseScratch,
  type StreamResponse,
  writeResponse,
} from './response-writer.ts'

/** The HTTP/2 connection that carries a stream. */
export interface Carrier<User> {
  readonly http2: Http2Connection<StreamSocket<User>>
  readonly scratch: ResponseScratch
  /** Streams whose writer waits until the output of the connection was taken. */
  readonly blocked: Set<StreamSocket<User>>
  /** Streams whose response was written in full, and is not sent in full yet. */
  readonly finishing: Set<StreamSocket<User>>
  /** Streams whose request begins once all that was read has been processed. */
  readonly beginning: StreamSocket<User>[]
  /** Streams that keep small pieces of bodies until all that was read has been processed. */
  readonly gathering: Set<StreamSocket<User>>
  /** Bytes of pending output from which on writers wait. */
  readonly maxOutput: number
  /** Passes the output to the socket, at the end of this turn of the event loop. */
  scheduleFlush(): void
}

/** A request, and how it is served. */
export interface StreamOptions {
  /** Its head in HTTP/1.1. */
  readonly head: Buffer
  /** The method is HEAD. */
  readonly toHead: boolean
  /** The body of the request is passed on in the chunked coding. */
  readonly chunked: boolean
  /** Sec-WebSocket-Accept of the response that makes the stream a tunnel; '': none does. */
  readonly accept: string
}

/** Pieces of a body below this size are passed on together: each would cost a call into the kernel of its own. */
const smallPiece = 1024

const noBytes = Buffer.alloc(0)
const lineEnd = Buffer.from('\r\n', 'latin1')

/**
 * An HTTP/2 stream that is used like the socket of a client. A response in HTTP/1.1 is written to it and sent in
 * frames; all bytes are copied or sent within `write`. The body of the request is received in HTTP/1.1; while the
 * socket is paused, data waits here, and the windows of HTTP/2 bound it.
 */
export class StreamSocket<User> implements ClientSocket {
  readonly bytesWritten = 0
  /** Queued bytes of a finished response when its progress was checked last, and when they changed, in seconds. */
  queuedAtCheck = 0
  progressAt = 0
  private client: ClientConnection<User> | undefined
  /** The head of a request that has not begun, in HTTP/1.1. */
  private head: Buffer | undefined
  private readonly carrier: Carrier<User>
  private readonly stream: Http2Stream<StreamSocket<User>>
  private readonly response: StreamResponse
  /** The body of the request is passed on in the chunked coding. */
  private readonly chunked: boolean
  private paused = false
  private delivering = false
  private readonly waiting = new ByteQueue()
  /** The end of the request, in HTTP/1.1, while it waits. */
  private last: Buffer | undefined

  constructor(
    carrier: Carrier<User>,
    stream: Http2Stream<StreamSocket<User>>,
    { head, toHead, chunked, accept }: StreamOptions,
  ) {
    this.carrier = carrier
    this.stream = stream
    this.head = head
    this.response = newResponse(toHead, accept)
    this.chunked = chunked
  }

  /** Whether the client reset the request before it began. */
  get isGone(): boolean {
    return this.client === undefined && this.head === undefined
  }

  /** Begins the request: with its head, and the part of its body that was read together with it. */
  begin(client: ClientConnection<User>): void {
    const { head } = this
    if (head === undefined) return
    this.head = undefined
    this.client = client
    client.ended = this.stream.remoteEnded && this.waiting.length === 0 && this.last === undefined
    receive(client, head)
    // Either the response is complete, or the head was not read in full.
    if (client.state === 'head') destroyConnection(client)
    else this.deliver()
  }

  get writableLength(): number {
    return this.stream.queued
  }

  write(bytes: Buffer): boolean {
    const { carrier, stream, response } = this
    const { http2, scratch } = carrier
    if (stream.ending !== undefined || response.complete) return true
    // As with a socket, nothing is closed within a write.
    if (!writeResponse(response, { http2, stream, scratch }, bytes)) {
      setImmediate(() => this.breakOff())
    }
    carrier.scheduleFlush()
    if (stream.queued > 0) return false
    if (response.complete || http2.pendingOutput <= carrier.maxOutput) return true
    carrier.blocked.add(this)
    return false
  }

  /** Takes data of the request's body, which is valid only within this call. `end`: the body is complete. */
  receiveData(bytes: Buffer, end: boolean): void {
    if (this.isClosed()) {
      this.carrier.http2.consume(this.stream, bytes.length)
      return
    }
    if (!end && bytes.length < smallPiece) this.gather(bytes)
    else if (bytes.length > 0) this.passOrKeep(bytes)
    if (end) this.receiveEnd(this.chunked ? lastChunk : noBytes)
    else if (bytes.length >= smallPiece) this.deliver()
  }

  /** Passes on what was gathered: all that was read has been processed. */
  passGathered(): void {
    if (!this.isClosed()) this.deliver()
  }

  /** Takes the last chunk with the trailers of the request. A body with a length cannot have any in HTTP/1.1. */
  receiveTrailers(chunk: Buffer): void {
    this.receiveEnd(this.chunked ? chunk : noBytes)
  }

  /** The client closed the connection within its request. */
  halfClosed(): void {
    if (this.client !== undefined && !this.isClosed()) receiveEnd(this.client)
  }

  /** The client takes more of the response. */
  wake(): void {
    if (this.client !== undefined && !this.isClosed()) onWritable(this.client)
  }

  /** The stream was closed: in the middle of an exchange, unless the response was written in full just now. */
  closed(): void {
    const { client, response } = this
    this.head = undefined
    if (client === undefined || (response.complete && client.state === 'exchange')) return
    onClosed(client)
  }

  /** Resets the stream within a finished response. */
  cutOff(): void {
    this.carrier.http2.resetStream(this.stream, errorCode.cancel)
  }

  pause(): void {
    this.paused = true
  }

  isPaused(): boolean {
    return this.paused
  }

  /** Data that waits is delivered later, as by a socket. */
  resume(): void {
    if (!this.paused) return
    this.paused = false
    if (this.waiting.length > 0 || this.last !== undefined) setImmediate(() => this.deliver())
  }

  private receiveEnd(last: Buffer): void {
    if (this.isClosed()) return
    this.last = last
    this.deliver()
  }

  end(): void {
    this.destroy()
  }

  /** Releases the stream. A response that was written in full is still sent in full; any other one is reset. */
  destroy(): void {
    const { carrier, stream, response } = this
    this.discardInput()
    if (stream.ending !== undefined) return
    if (response.tunnel && !response.complete) {
      // The end of a connection: RFC 8441, section 5.
      response.complete = true
      carrier.http2.sendData(stream, noBytes, true)
    }
    if (response.complete) this.finish()
    else this.breakOff()
    carrier.scheduleFlush()
  }

  resetAndDestroy(): void {
    // The reset of a connection: RFC 8441, section 5.
    if (this.response.tunnel && !this.response.complete) this.cutOff()
    this.destroy()
  }

  private finish(): void {
    const { carrier, stream } = this
    // The rest of the request is not needed any more: RFC 9113, section 8.1.
    if (!stream.remoteEnded) carrier.http2.resetStream(stream, errorCode.noError)
    if (stream.ending === undefined) carrier.finishing.add(this)
  }

  private breakOff(): void {
    this.carrier.http2.resetStream(this.stream, errorCode.internalError)
    this.carrier.scheduleFlush()
  }

  private isClosed(): boolean {
    return this.isGone || this.client?.state === 'closed'
  }

  private discardInput(): void {
    const { waiting, carrier, stream } = this
    this.last = undefined
    if (waiting.length === 0) return
    carrier.http2.consume(stream, waiting.length)
    waiting.clear()
    carrier.scheduleFlush()
  }

  private gather(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.waiting.add(bytes)
    this.carrier.gathering.add(this)
  }

  /** Passes bytes on, or keeps a copy of them while the backend is slow. */
  private passOrKeep(bytes: Buffer): void {
    const { client, waiting } = this
    if (client === undefined || !this.mayPass(client) || waiting.length > 0) waiting.add(bytes)
    else {
      this.pass(client, Buffer.from(bytes))
      this.consume(bytes.length)
    }
  }

  /** In another state the bytes would be read as a request of their own. */
  private mayPass({ state }: ClientConnection<User>): boolean {
    return !this.delivering && !this.paused && state === 'exchange'
  }

  private pass(client: ClientConnection<User>, bytes: Buffer): void {
    this.delivering = true
    receive(client, this.chunked ? asChunk(bytes) : bytes)
    this.delivering = false
  }

  /** Opens the windows again by bytes that were passed on. */
  private consume(bytes: number): void {
    const { carrier, stream } = this
    carrier.http2.consume(stream, bytes)
    carrier.scheduleFlush()
  }

  /** Passes on what waits, until the socket is paused. */
  private deliver(): void {
    const { client, waiting } = this
    if (client === undefined || this.delivering) return
    // All of it at once: a window grows only where nothing is left unread.
    let passed = 0
    while (this.mayPass(client)) {
      const bytes = waiting.shift()
      if (bytes === undefined) break
      passed += bytes.length
      this.pass(client, bytes)
    }
    if (passed > 0) this.consume(passed)
    const { last } = this
    if (last !== undefined && this.waiting.length === 0 && !this.paused) {
      this.deliverEnd(client, last)
    }
  }

  private deliverEnd(client: ClientConnection<User>, last: Buffer): void {
    this.last = undefined
    client.ended = true
    if (last.length > 0 && client.state === 'exchange') receive(client, last)
    else if (this.response.tunnel && client.state === 'exchange') onHalfClosed(client)
    // The response was complete before.
    if (client.state === 'head') readRequests(client)
  }
}

const lastChunk = Buffer.from('0\r\n\r\n', 'latin1')

function asChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, lineEnd])
}
