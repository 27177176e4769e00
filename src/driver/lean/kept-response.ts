/** The parts of one response that are kept for its reader. */
export interface KeptResponse {
  /** Whether the head is kept; one that sets a cookie is kept in any case. */
  wantsHead: boolean
  wantsBody: boolean
  /** Status line and fields, with their line breaks, as latin-1. */
  head: string | undefined
  /** The body in the pieces in which it came; without its transfer coding. */
  readonly body: Buffer[]
  bodyBytes: number
  /** Memory of the last piece, where small ones are gathered in it. */
  room?: Buffer | undefined
}

/** Pieces below this size, behind so many others, are gathered in memory of this size: each piece takes some 100 bytes by itself. */
const gathered = { below: 1024, after: 16, bytes: 16_384 } as const

/** Bytes of a body that are kept at most: a check of the rest fails. */
const maxBodyBytes = 16 * 2 ** 20

/** Keeps a copy of these bytes of the body. */
export function keepBody(kept: KeptResponse, bytes: Buffer, from: number, length: number): void {
  const taken = Math.min(length, maxBodyBytes - kept.bodyBytes)
  if (taken <= 0) return
  const piece = bytes.subarray(from, from + taken)
  if (taken < gathered.below && kept.body.length >= gathered.after) gather(kept, piece)
  else kept.body.push(Buffer.from(piece))
  kept.bodyBytes += taken
}

function gather(kept: KeptResponse, piece: Buffer): void {
  const { body, room } = kept
  const last = body.at(-1)
  if (room !== undefined && last?.buffer === room.buffer) {
    const length = last.length + piece.length
    if (length <= room.length) {
      piece.copy(room, last.length)
      body[body.length - 1] = room.subarray(0, length)
      return
    }
  }
  kept.room = Buffer.allocUnsafeSlow(gathered.bytes)
  piece.copy(kept.room)
  body.push(kept.room.subarray(0, piece.length))
}
