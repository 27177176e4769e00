/** A frame before it is written; mutations change it. */
export interface FuzzFrame {
  readonly kind: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
  /** The length in the frame's header, if it is not that of the payload. */
  readonly length?: number
}

/** Types and flags of frames: RFC 9113, section 6. */
export const kind = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const
export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

/** Bytes of the header of a frame. */
export const headerBytes = 9
const noBytes = Buffer.alloc(0)

/** A frame with these contents. */
export function frameOf(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = noBytes,
): FuzzFrame {
  return { kind: type, flags, stream, payload }
}

/** The bytes of a frame. */
export function frameBytes({ kind: type, flags, stream, payload, length }: FuzzFrame): Buffer {
  const head = Buffer.alloc(headerBytes)
  head.writeUIntBE((length ?? payload.length) & 0xffffff, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream >>> 0, 5)
  return Buffer.concat([head, payload])
}

/** Numbers of four bytes each. */
export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index)
  return bytes
}

/** A SETTINGS frame with pairs of identifier and value. */
export function settingsFrame(pairs: readonly (readonly [number, number])[]): FuzzFrame {
  const payload = Buffer.alloc(6 * pairs.length)
  for (const [index, [identifier, value]] of pairs.entries()) {
    payload.writeUInt16BE(identifier, 6 * index)
    payload.writeUInt32BE(value >>> 0, 6 * index + 2)
  }
  return frameOf(kind.settings, 0, 0, payload)
}

/** The complete frames at the start of `bytes`, and the number of bytes that they take. */
export function framesIn(bytes: Buffer, from = 0): { frames: FuzzFrame[]; end: number } {
  const frames: FuzzFrame[] = []
  let at = from
  while (at + headerBytes <= bytes.length) {
    const end = at + headerBytes + bytes.readUIntBE(at, 3)
    if (end > bytes.length) break
    frames.push({
      kind: bytes[at + 3] as number,
      flags: bytes[at + 4] as number,
      stream: bytes.readUInt32BE(at + 5) & 0x7fffffff,
      payload: bytes.subarray(at + headerBytes, end),
    })
    at = end
  }
  return { frames, end: at }
}

/** The content of a DATA frame, or the fragment of a HEADERS frame; undefined if its padding is invalid. */
export function contentOf({ kind: type, flags, payload }: FuzzFrame): Buffer | undefined {
  const padded = (flags & flag.padded) !== 0
  const skipped = type === kind.headers && (flags & flag.priority) !== 0 ? 5 : 0
  const start = (padded ? 1 : 0) + skipped
  const end = payload.length - (padded ? (payload[0] ?? 0) : 0)
  return start > end ? undefined : payload.subarray(start, end)
}
