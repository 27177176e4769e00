import { type RawClient, rawClient } from './raw-client.ts'

/** Frames and fields by hand: what a client of Node refuses to send. RFC 9113, section 4.1; RFC 7541. */
const kind = { data: 0, headers: 1, reset: 3, settings: 4, goAway: 7 } as const
const flag = { endStream: 1, endHeaders: 4 } as const

export const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

/** A frame. */
function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** An empty SETTINGS frame. */
export const settings = frame(kind.settings, 0, 0)

/** The head of a request, every field as a literal that is not indexed. */
export function headers(
  stream: number,
  fields: readonly (readonly [string, string])[],
  more = false,
) {
  const literals = fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)])
  const flags = flag.endHeaders | (more ? 0 : flag.endStream)
  return frame(kind.headers, flags, stream, Buffer.concat(literals))
}

function text(value: string): Buffer {
  if (value.length > 126) throw new Error('too long for one byte of length')
  return Buffer.concat([Buffer.of(value.length), Buffer.from(value, 'latin1')])
}

/** A part of a body. */
export function data(stream: number, body: string) {
  return frame(kind.data, 0, stream, Buffer.from(body, 'latin1'))
}

/** The last of a body. */
export function lastData(stream: number, body: string) {
  return frame(kind.data, flag.endStream, stream, Buffer.from(body, 'latin1'))
}

/** The client gives a stream up. */
export function resetStream(stream: number) {
  const cancel = 8
  return frame(kind.reset, 0, stream, Buffer.of(0, 0, 0, cancel))
}

/** A header block that does not end with its frame: CONTINUATION must follow. */
export function openHeaders(stream: number, fields: readonly (readonly [string, string])[]) {
  const whole = headers(stream, fields, true)
  whole[4] = 0
  return whole
}

/** A SETTINGS frame with the initial window of streams, in bytes. */
export function windowSetting(bytes: number) {
  const setting = Buffer.alloc(6)
  setting.writeUInt16BE(4, 0)
  setting.writeUInt32BE(bytes, 2)
  return frame(kind.settings, 0, 0, setting)
}

/** The acknowledgement of SETTINGS. */
export const settingsAck = frame(kind.settings, 1, 0)

/** A connection that has opened HTTP/2. */
export async function h2Frames(port: number) {
  const client = await rawClient(port)
  client.send(preface)
  client.send(settings)
  return {
    send: (bytes: Buffer) => client.send(bytes),
    /** Waits for how the stream is answered: its status, or that it was reset. */
    outcome: (stream: number) => outcomeOf(client, stream),
    /** Waits until the balancer has closed the connection, and gives the code of its last GOAWAY. */
    async goAwayCode(): Promise<number | undefined> {
      const frames = framesIn(Buffer.from(await client.closed(), 'latin1'))
      return frames.findLast(({ type }) => type === kind.goAway)?.payload.readUInt32BE(4)
    },
    /** Waits until a stream is reset, and gives the code. */
    async resetCode(stream: number): Promise<number> {
      for (;;) {
        const frames = framesIn(Buffer.from(client.text(), 'latin1'))
        const reset = frames.find(({ type, id }) => type === kind.reset && id === stream)
        if (reset !== undefined) return reset.payload.readUInt32BE(0)
        await client.quiet(1000)
      }
    },
    /** Waits until the connection is closed, and gives all that came as latin-1 text. */
    closed: () => client.closed(),
    socket: client.socket,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

/** Statuses that the static table has (RFC 7541, appendix A); −1 stands for any other. */
const indexed: Readonly<Record<number, number>> = { 136: 200, 140: 400 }

async function outcomeOf(client: RawClient, stream: number): Promise<number | 'reset'> {
  for (;;) {
    const frames = framesIn(Buffer.from(client.text(), 'latin1'))
    const outcome = frames.map((one) => outcomeIn(one, stream)).find((one) => one !== undefined)
    if (outcome !== undefined) return outcome
    if (client.isClosed()) return 'reset'
    await client.quiet(1000)
  }
}

function outcomeIn({ type, id, payload }: Frame, stream: number): number | 'reset' | undefined {
  if (type === kind.goAway) return 'reset'
  if (id !== stream) return undefined
  if (type === kind.reset) return 'reset'
  const [first = 0] = payload
  return type === kind.headers ? (indexed[first] ?? -1) : undefined
}

interface Frame {
  readonly type: number
  readonly id: number
  readonly payload: Buffer
}

function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  let at = 0
  while (at + 9 <= bytes.length) {
    const length = bytes.readUIntBE(at, 3)
    if (at + 9 + length > bytes.length) break
    const payload = bytes.subarray(at + 9, at + 9 + length)
    frames.push({ type: bytes[at + 3] as number, id: bytes.readUInt32BE(at + 5), payload })
    at += 9 + length
  }
  return frames
}
