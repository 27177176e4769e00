import type { FieldPairs } from './field-pairs.ts'

/** Frames by hand, without the code under test: RFC 9113, sections 4.1 and 6; RFC 7541. */
export const type = {
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
  unknown: 0xbe,
} as const

export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** A frame as it is on the wire. */
export function frame(kind: number, flags: number, stream: number, payload: Uint8Array = empty) {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = kind
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

const empty = Buffer.alloc(0)

/** Four bytes each. */
export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value >>> 0, 4 * index)
  })
  return bytes
}

/** Fields as literals that are not indexed. */
export function block(pairs: FieldPairs): Buffer {
  return Buffer.concat(pairs.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]))
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes])
  const length = [127]
  let rest = bytes.length - 127
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push(128 + (rest % 128))
  return Buffer.concat([Buffer.from([...length, rest]), bytes])
}

export function headers(stream: number, pairs: FieldPairs, flags: number = flag.endStream): Buffer {
  return frame(type.headers, flags | flag.endHeaders, stream, block(pairs))
}

export function data(stream: number, content: string | Buffer, flags = 0): Buffer {
  return frame(type.data, flags, stream, Buffer.from(content as string))
}

export function settings(...pairs: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.concat(
    pairs.map(([identifier, value]) => {
      const bytes = Buffer.alloc(6)
      bytes.writeUInt16BE(identifier, 0)
      bytes.writeUInt32BE(value, 2)
      return bytes
    }),
  )
  return frame(type.settings, 0, 0, payload)
}

export const settingsAck = frame(type.settings, flag.ack, 0)

export function windowUpdate(stream: number, increment: number): Buffer {
  return frame(type.windowUpdate, 0, stream, words(increment))
}

export function rstStream(stream: number, code: number): Buffer {
  return frame(type.rstStream, 0, stream, words(code))
}

export function goAway(lastStream: number, code: number): Buffer {
  return frame(type.goAway, 0, 0, words(lastStream, code))
}

export const ping = frame(type.ping, 0, 0, Buffer.from('12345678'))

/** A frame that was read. */
export interface WireFrame {
  readonly kind: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

/** The frames in some bytes, all of which must be complete. */
export function framesIn(bytes: Buffer): WireFrame[] {
  const frames: WireFrame[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUIntBE(at, 3)
    if (at + 9 + length > bytes.length) throw new Error('a frame is cut off')
    frames.push({
      kind: bytes[at + 3] as number,
      flags: bytes[at + 4] as number,
      stream: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + 9, at + 9 + length),
    })
    at += 9 + length
  }
  return frames
}

/** The request that most tests send. */
export const get: FieldPairs = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':authority', 'example.com'],
  [':path', '/'],
]

/** The same with content. */
export const post: FieldPairs = [[':method', 'POST'], ...get.slice(1)]

/** The response that most tests send. */
export const ok: FieldPairs = [[':status', '200']]
