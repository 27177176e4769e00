/** What was read of a stream. */
interface ReadBytes {
  readonly bytes: Buffer
  /** Whether the stream has more. */
  readonly isCut: boolean
}

/** Pieces that are put together at once, so that many small ones take little more memory than their bytes. */
const maxPieces = 1024

/** Reads a stream to its end, but no more than `maxBytes`, whatever its sender sends: the rest is not read. */
export async function readBytes(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<ReadBytes> {
  const joined: Buffer[] = []
  let pieces: Uint8Array[] = []
  let length = 0
  let isCut = false
  for await (const piece of stream) {
    const taken = piece.subarray(0, maxBytes - length)
    length += taken.length
    if (taken.length > 0 && pieces.push(taken) === maxPieces) {
      joined.push(Buffer.concat(pieces))
      pieces = []
    }
    isCut = taken.length < piece.length
    if (isCut) break
  }
  return { bytes: Buffer.concat([...joined, ...pieces]), isCut }
}
