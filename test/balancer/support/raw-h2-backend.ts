import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { type RawBackend, rawBackend } from './raw-backend.ts'

/** Types of frames, and the flags that these tests need: RFC 9113, section 6. */
export const frameType = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
} as const
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

/** A frame that the balancer sent. */
export interface SentFrame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

const prefaceBytes = 24

/** The frames that are complete in what a connection received, from `from` on, and where the next one starts. */
function completeFrames(text: string, from: number) {
  const frames: SentFrame[] = []
  let next = from
  for (;;) {
    const head = Buffer.from(text.slice(next, next + 9), 'latin1')
    if (head.length < 9 || text.length < next + 9 + head.readUIntBE(0, 3)) return { frames, next }
    const end = next + 9 + head.readUIntBE(0, 3)
    const payload = Buffer.from(text.slice(next + 9, end), 'latin1')
    next = end
    const [type, flags] = [head.readUInt8(3), head.readUInt8(4)]
    frames.push({ type, flags, stream: head.readUInt32BE(5), payload })
  }
}

/** All frames that the connection received of the balancer. */
export function framesOf({ received }: RawBackend, connection = 0): SentFrame[] {
  return completeFrames(received[connection] ?? '', prefaceBytes).frames
}

/** The code of the RST_STREAM that a stream got, if it got one. */
export function resetCode(backend: RawBackend, stream: number): number | undefined {
  const reset = framesOf(backend).find(
    (one) => one.type === frameType.reset && one.stream === stream,
  )
  return reset?.payload.readUInt32BE(0)
}

/** The bytes of DATA that a stream got. */
export function dataOf(backend: RawBackend, stream: number): string {
  const parts = framesOf(backend).filter(
    (one) => one.type === frameType.data && one.stream === stream,
  )
  return Buffer.concat(parts.map(({ payload }) => payload)).toString('latin1')
}

/** A backend that speaks HTTP/2 frame by frame: `onRequest` is told of each stream that is opened. */
export async function rawH2Backend(
  onRequest: (socket: Socket, stream: number, connection: number) => void,
  settings = '',
  tls?: TlsOptions,
): Promise<RawBackend> {
  const at = new Map<Socket, number>()
  return await rawBackend((socket, text, connection) => {
    if (!at.has(socket)) socket.write(frame(frameType.settings, 0, 0, settings))
    const { frames, next } = completeFrames(text, at.get(socket) ?? prefaceBytes)
    at.set(socket, next)
    for (const { type, flags, stream } of frames) {
      if (type === frameType.settings && (flags & flag.acknowledged) === 0) {
        socket.write(frame(frameType.settings, flag.acknowledged, 0))
      }
      if (type === frameType.headers) onRequest(socket, stream, connection)
    }
  }, tls)
}
