import type { Socket } from 'node:net'
import { type RawBackend, rawBackend } from './raw-backend.ts'

/** Types of frames, and the flags that these tests need: RFC 9113, section 6. */
export const frameType = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7 } as const
export const flag = { endStream: 1, acknowledged: 1, endHeaders: 4 } as const

/** One frame. */
export function frame(type: number, flags: number, stream: number, payload = ''): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, Buffer.from(payload, 'latin1')])
}

/** A number of four bytes, as text. */
export const word = (value: number) =>
  String.fromCharCode(...[24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff))

/** Fields as literals without an index, whatever is in them: RFC 7541, section 6.2.2. */
function fieldBlock(fields: readonly (readonly [string, string])[]): string {
  const text = (value: string) => String.fromCharCode(value.length) + value
  return fields.map(([name, value]) => `\0${text(name)}${text(value)}`).join('')
}

/** The head of a response. */
export function answerFrame(
  stream: number,
  fields: readonly (readonly [string, string])[],
  flags: number = flag.endHeaders,
): Buffer {
  return frame(frameType.headers, flags, stream, fieldBlock([[':status', '200'], ...fields]))
}

/** The frames that are complete in `text` from `from` on, and where the next one starts. */
function framesIn(text: string, from: number) {
  const frames: { readonly type: number; readonly flags: number; readonly stream: number }[] = []
  let next = from
  for (;;) {
    const head = Buffer.from(text.slice(next, next + 9), 'latin1')
    if (head.length < 9 || text.length < next + 9 + head.readUIntBE(0, 3)) return { frames, next }
    next += 9 + head.readUIntBE(0, 3)
    frames.push({ type: head.readUInt8(3), flags: head.readUInt8(4), stream: head.readUInt32BE(5) })
  }
}

/** A backend that speaks HTTP/2 frame by frame: `onRequest` is told of each stream that is opened. */
export async function rawH2Backend(
  onRequest: (socket: Socket, stream: number, connection: number) => void,
  settings = '',
): Promise<RawBackend> {
  const at = new Map<Socket, number>()
  const preface = 24
  return await rawBackend((socket, text, connection) => {
    if (!at.has(socket)) socket.write(frame(frameType.settings, 0, 0, settings))
    const { frames, next } = framesIn(text, at.get(socket) ?? preface)
    at.set(socket, next)
    for (const { type, flags, stream } of frames) {
      if (type === frameType.settings && (flags & flag.acknowledged) === 0) {
        socket.write(frame(frameType.settings, flag.acknowledged, 0))
      }
      if (type === frameType.headers) onRequest(socket, stream, connection)
    }
  })
}
