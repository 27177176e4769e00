import { type Fields, firstValue } from './blocks.ts'
import { fieldFaults } from './field-faults.ts'
import { type FuzzFrame, framesIn, kind } from './frames.ts'
import { type Part, partReader } from './message-parts.ts'

/** A stream, as its reader sees it. */
export interface ObservedStream {
  /** The head of the message: of interim responses only the number is kept. */
  fields: Fields | undefined
  interim: number
  body: Buffer[]
  trailers: Fields | undefined
  /** `end`: END_STREAM; `reset`: RST_STREAM. */
  ending: 'end' | 'reset' | undefined
}

/** The frames that a server has sent to a client, checked against RFC 9113. */
export interface ObservedFrames {
  readonly streams: ReadonlyMap<number, ObservedStream>
  /** Violations of the protocol. */
  readonly violations: readonly string[]
  /** The codes of GOAWAY frames. */
  readonly goAways: readonly number[]
  /** Takes further bytes; returns the frames that are complete now. */
  take(bytes: Buffer): FuzzFrame[]
  /** Bytes of a frame that is incomplete. */
  readonly left: number
}

const maxFrame = 16_384

/** Observes the frames of a server to a client that may have opened any stream. */
export function observeFrames(): ObservedFrames {
  const streams = new Map<number, ObservedStream>()
  const violations: string[] = []
  const goAways: number[] = []
  const read = partReader()
  let rest: Buffer = Buffer.alloc(0)
  let first = true

  function takeFrame(frame: FuzzFrame): void {
    const { kind: type, payload } = frame
    if (first && type !== kind.settings) violations.push(`the first frame has type ${type}`)
    first = false
    if (payload.length > maxFrame) violations.push(`a frame of ${payload.length} bytes`)
    if (type === kind.goAway) goAways.push(payload.readUInt32BE(4))
    if (type === kind.pushPromise) violations.push('a push')
    const part = read(frame)
    if (part !== undefined) violations.push(...takePart(streams, part))
  }

  return {
    streams,
    violations,
    goAways,
    take(bytes) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
      const { frames, end } = framesIn(all)
      rest = all.subarray(end)
      for (const frame of frames) takeFrame(frame)
      return frames
    },
    get left() {
      return rest.length
    },
  }
}

/** Applies a part to its stream. Returns violations of the protocol. */
function takePart(streams: Map<number, ObservedStream>, part: Part): string[] {
  const { stream } = part
  if (part.type === 'broken') return [part.reason]
  const one = streams.get(stream) ?? newStream()
  streams.set(stream, one)
  if (part.type === 'reset') {
    // NO_ERROR after a complete response: RFC 9113, section 8.1.
    one.ending ??= 'reset'
    return []
  }
  const late = one.ending === undefined ? [] : [`${part.type} after its ${one.ending}`]
  const faults = part.type === 'head' ? takeHead(one, part.fields, part.end) : takeData(one, part)
  if (part.end) one.ending = 'end'
  return [...late, ...faults].map((fault) => `stream ${stream}: ${fault}`)
}

function takeHead(one: ObservedStream, fields: Fields, end: boolean): string[] {
  const faults = fieldFaults(fields)
  const status = firstValue(fields, ':status')
  if (one.fields !== undefined) {
    one.trailers = fields
    return end && status === undefined ? faults : [...faults, 'malformed trailers']
  }
  if (status === undefined || !/^[1-9]\d\d$/.test(status)) {
    return [...faults, `the status is ${status}`]
  }
  if (status.startsWith('1') && !end) one.interim++
  else one.fields = fields
  return faults
}

function takeData(
  one: ObservedStream,
  { content, end }: { readonly content: Buffer; readonly end: boolean },
): string[] {
  if (one.fields === undefined) return ['DATA before the head']
  one.body.push(content)
  if (!end) return []
  const length = firstValue(one.fields, 'content-length')
  const bytes = one.body.reduce((sum, part) => sum + part.length, 0)
  return length === undefined || Number(length) === bytes
    ? []
    : [`${bytes} bytes with Content-Length ${length}`]
}

function newStream(): ObservedStream {
  return { fields: undefined, interim: 0, body: [], trailers: undefined, ending: undefined }
}
