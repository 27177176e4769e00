/** Bytes of a piece of the queue, so that small additions do not each take memory of their own. */
const pieceBytes = 16_384

/** Bytes that wait for a reader that has paused: copies, in pieces. */
export class ByteQueue {
  /** Bytes in the queue. */
  length = 0
  private readonly pieces: Buffer[] = []
  /** Bytes in the last piece; the others are full. */
  private lastLength = 0

  /** Adds a copy of `bytes`. */
  add(bytes: Buffer): void {
    let last = this.pieces.at(-1)
    if (last === undefined || last.length - this.lastLength < bytes.length) {
      this.trimLast()
      last = Buffer.allocUnsafeSlow(Math.max(bytes.length, pieceBytes))
      this.pieces.push(last)
      this.lastLength = 0
    }
    bytes.copy(last, this.lastLength)
    this.lastLength += bytes.length
    this.length += bytes.length
  }

  /** Takes the first piece out of the queue; undefined where it is empty. */
  shift(): Buffer | undefined {
    if (this.pieces.length === 1) this.trimLast()
    const first = this.pieces.shift()
    this.length -= first?.length ?? 0
    return first
  }

  /** Empties the queue. */
  clear(): void {
    this.pieces.length = 0
    this.length = 0
  }

  private trimLast(): void {
    const at = this.pieces.length - 1
    if (at >= 0) this.pieces[at] = (this.pieces[at] as Buffer).subarray(0, this.lastLength)
  }
}
