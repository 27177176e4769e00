import { type ByteBuffer, byteBuffer, putPart, reserve } from '../../../http/byte-buffer.ts'
import type { FieldList } from '../../../http2/field-list.ts'
import type { Http2Head } from '../../../http2/head-check.ts'
import { closeChunk, openChunk } from '../../http/chunk-writer.ts'
import { writeLastChunk } from '../../http2/write-http1-fields.ts'
import { type ResponseContent, writeHttp1Response } from '../../http2/write-http1-response.ts'
import { writeHttp1Switch } from '../../http2/write-http1-upgrade.ts'

/** Bytes from which on a batch is delivered. */
const maxBatch = 65_536
/** Bytes of the framing of a chunk. */
const framingBytes = 32

const lastChunk = Buffer.from('0\r\n\r\n', 'latin1')

/** The reader of the response of one stream. */
export interface ResponseReader {
  /** Takes bytes of its response in HTTP/1.1, which are valid only within this call. */
  deliver(bytes: Buffer): void
}

/**
 * Frames of one stream that come together, as bytes of HTTP/1.1: a head and its body are passed on in one piece, and
 * written to the client in one call. One per worker.
 */
export class ResponseBatch {
  private reader: ResponseReader | undefined
  private readonly buffer: ByteBuffer = byteBuffer(maxBatch + framingBytes)

  /** Adds a head; returns whether its body must follow in the chunked coding. */
  addHead(reader: ResponseReader, head: Http2Head, content: ResponseContent): boolean {
    this.use(reader)
    return writeHttp1Response(this.buffer, head, content)
  }

  /** Adds the head of a response that makes the stream a tunnel. */
  addSwitch(reader: ResponseReader, head: Http2Head, accept: string): void {
    this.use(reader)
    writeHttp1Switch(this.buffer, head, accept)
  }

  /** Adds bytes of a body, in the chunked coding or not. */
  addData(reader: ResponseReader, bytes: Buffer, chunked: boolean): void {
    if (this.buffer.length + bytes.length > maxBatch) this.flush()
    this.use(reader)
    const { buffer } = this
    if (chunked) {
      const chunk = openChunk(buffer, bytes.length)
      bytes.copy(buffer.bytes, chunk.data)
      closeChunk(buffer, chunk, bytes.length)
    } else {
      reserve(buffer, bytes.length)
      putPart(buffer, bytes, 0, bytes.length)
    }
  }

  /** Adds the end of a body in the chunked coding. */
  addEnd(reader: ResponseReader, trailers: FieldList | undefined): void {
    this.use(reader)
    if (trailers !== undefined) writeLastChunk(this.buffer, trailers)
    else {
      reserve(this.buffer, lastChunk.length)
      putPart(this.buffer, lastChunk, 0, lastChunk.length)
    }
  }

  /** Delivers the batch if it is of this stream, so that an event of the stream does not overtake it. */
  flushOf(reader: ResponseReader): void {
    if (this.reader === reader) this.flush()
  }

  /** Discards the batch if it is of this stream. */
  dropOf(reader: ResponseReader): void {
    if (this.reader !== reader) return
    this.reader = undefined
    this.buffer.length = 0
  }

  /** Delivers the batch. */
  flush(): void {
    const { reader, buffer } = this
    if (reader === undefined) return
    this.reader = undefined
    const bytes = buffer.bytes.subarray(0, buffer.length)
    buffer.length = 0
    reader.deliver(bytes)
  }

  private use(reader: ResponseReader): void {
    if (this.reader === reader) return
    this.flush()
    this.reader = reader
  }
}
