import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { type Chunks, chunks, decode, isDone } from '../http/chunks.ts'
import { framing } from '../http/framing.ts'
import { emptyRequestHead, readRequestHead } from '../http/request-head.ts'

/** Maximum bytes of a head: Node refuses more. */
const maxHead = 16_384
/** Fields of a head; a request with more is the last one of its connection. */
const maxFields = 200

const headEnd = Buffer.from('\r\n\r\n', 'latin1')
const noBytes = Buffer.alloc(0)
type Done = (error?: Error | null) => void

/** Used within one call only. */
const scratch = emptyRequestHead(maxFields)

/**
 * A connection to a server of node:http that passes on one request at a time. Node parses all pipelined requests of a
 * read at once, with objects for each, however many they are; here the bytes behind a request wait until its response is
 * written, and meanwhile nothing more is read.
 */
export class SerialConnection extends Duplex {
  private readonly socket: Socket
  /** The next bytes are of a head, of a body, or of a request behind the one that is being served. */
  private phase: 'head' | 'body' | 'waiting' = 'head'
  /** The head so far. */
  private head: Buffer = noBytes
  /** Missing bytes of a body with a length, or the reader of one in the chunked coding. */
  private left = 0
  private coding: Chunks | undefined
  /** The response was written. */
  private answered = false
  /** Nothing behind this request is read: where it ends is uncertain. */
  private last = false
  /** Bytes behind the request. */
  private rest: Buffer = noBytes

  constructor(socket: Socket) {
    super()
    this.socket = socket
    socket.on('data', (bytes: Buffer) => this.receive(bytes))
    // It comes behind all data: not while any waits.
    socket.on('end', () => this.push(null))
    socket.on('timeout', () => this.emit('timeout'))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  /** The response to the request was written, or given up. */
  next(): void {
    this.answered = true
    if (this.phase === 'waiting') this.goOn()
  }

  /** As that of a socket, for node:http. */
  setTimeout(milliseconds: number, callback?: () => void): this {
    this.socket.setTimeout(milliseconds)
    if (callback !== undefined) this.once('timeout', callback)
    return this
  }

  /** As that of a socket, for node:http: closes the connection once all is written. */
  destroySoon(): void {
    this.end(() => this.destroy())
  }

  override _read(): void {
    if (this.rest.length === 0) this.socket.resume()
  }

  override _write(bytes: Buffer, encoding: BufferEncoding, done: Done): void {
    this.socket.write(bytes, encoding, done)
  }

  override _final(done: Done): void {
    this.socket.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.rest = noBytes
    this.socket.destroy()
    done(error)
  }

  private receive(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length && this.phase !== 'waiting') {
      at = this.phase === 'head' ? this.takeHead(bytes, at) : this.takeBody(bytes, at)
    }
    if (at === bytes.length) return
    this.rest = Buffer.concat([this.rest, bytes.subarray(at)])
    this.socket.pause()
  }

  /** Passes on bytes of a head as they come, so that the time limits of Node apply; returns the offset behind them. */
  private takeHead(bytes: Buffer, at: number): number {
    const before = this.head.length
    this.head = Buffer.concat([this.head, bytes.subarray(at)])
    const found = this.head.indexOf(headEnd, Math.max(0, before - headEnd.length + 1))
    if (found < 0 && this.head.length <= maxHead) {
      this.pass(bytes.subarray(at))
      return bytes.length
    }
    const size = found < 0 ? this.head.length : found + headEnd.length
    const end = at + size - before
    this.readHead(this.head.subarray(0, size))
    this.pass(bytes.subarray(at, end))
    return end
  }

  private readHead(head: Buffer): void {
    const { body } = scratch
    this.head = noBytes
    this.answered = false
    this.last = head.length > maxHead || readRequestHead(scratch, head, 0) !== head.length
    this.left = body.length
    this.coding = body.kind === framing.chunked ? chunks() : undefined
    const hasBody = !this.last && (this.left > 0 || this.coding !== undefined)
    this.phase = hasBody ? 'body' : 'waiting'
  }

  private takeBody(bytes: Buffer, at: number): number {
    const { coding } = this
    let end = bytes.length
    let complete = false
    if (coding === undefined) {
      end = Math.min(end, at + this.left)
      this.left -= end - at
      complete = this.left === 0
    } else if (decodeSome(coding, bytes, at)) {
      end = at + coding.read
      complete = isDone(coding)
    } else {
      this.last = true
      complete = true
    }
    if (complete) this.phase = 'waiting'
    this.pass(bytes.subarray(at, end))
    // The response came before the end of the request.
    if (complete && this.answered) this.goOn()
    return end
  }

  private pass(bytes: Buffer): void {
    if (!this.push(bytes)) this.socket.pause()
  }

  /** Goes on with the next request. */
  private goOn(): void {
    if (this.last) {
      this.destroySoon()
      return
    }
    this.phase = 'head'
    const { rest } = this
    this.rest = noBytes
    this.receive(rest)
    if (this.rest.length === 0) this.socket.resume()
  }
}

/** Where decoded data goes, which only Node reads. */
const decoded = Buffer.allocUnsafeSlow(16_384)

/** Decodes as much as there is memory for. Returns false where the coding is malformed. */
function decodeSome(coding: Chunks, bytes: Buffer, from: number): boolean {
  return decode(coding, bytes.subarray(0, from + decoded.length), { from, out: decoded, to: 0 })
}
