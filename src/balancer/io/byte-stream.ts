/** Something that bytes are written to. */
export interface Writable {
  /** Bytes that were written and have not been passed to the kernel yet. */
  readonly writableLength: number
  /** Writes bytes; false where the writer should wait for `drain`. */
  write(bytes: Buffer): boolean
}

/** A socket, or an HTTP/2 stream that is used like one. */
export interface ByteStream extends Writable {
  /** The address of the peer; undefined for a stream. */
  readonly remoteAddress?: string | undefined
  /** Bytes that were written to it. */
  readonly bytesWritten: number
  end(): void
  pause(): void
  resume(): void
  isPaused(): boolean
  destroy(): void
}
