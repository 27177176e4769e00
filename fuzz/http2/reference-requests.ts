import { type Fields, firstValue } from './blocks.ts'
import { contentOf, flag, framesIn, headerBytes, kind, preface } from './frames.ts'
import { type Part, partReader } from './message-parts.ts'

/** A request in the frames of a client. */
export interface SentRequest {
  readonly method: string
  readonly target: string
  readonly fields: Fields
  readonly body: Buffer[]
  complete: boolean
}

/**
 * Reads all frames of a client at once, as leniently as can be, up to the first header block that is invalid or
 * interrupted: requests that reach a backend must be among these, unchanged.
 */
export function readSentRequests(bytes: Buffer): ReadonlyMap<number, SentRequest> {
  const requests = new Map<number, SentRequest>()
  const read = partReader()
  const { frames, end } = framesIn(bytes, preface.length)
  for (const frame of frames) {
    // The connection ends, unless the stream is closed already: then the frame is ignored.
    if (frame.kind === kind.data && contentOf(frame) === undefined) continue
    const part = read(frame)
    if (part?.type === 'broken') return requests
    if (part !== undefined) take(requests, part)
  }
  takeStartOfData(requests, bytes.subarray(end))
  return requests
}

/** The data of a frame that is cut off may be forwarded as far as it came. */
function takeStartOfData(requests: Map<number, SentRequest>, bytes: Buffer): void {
  if (bytes.length < headerBytes || bytes[3] !== kind.data) return
  const padded = ((bytes[4] as number) & flag.padded) !== 0
  const content = bytes.subarray(headerBytes + (padded ? 1 : 0))
  take(requests, { stream: bytes.readUInt32BE(5), type: 'data', content, end: false })
}

function take(requests: Map<number, SentRequest>, part: Part): void {
  const { stream } = part
  const request = requests.get(stream)
  if (part.type === 'head' && request === undefined) {
    const { fields, end } = part
    const method = firstValue(fields, ':method') ?? ''
    const target = firstValue(fields, ':path') ?? ''
    requests.set(stream, { method, target, fields, body: [], complete: end })
  } else if (request !== undefined && !request.complete && part.type !== 'reset') {
    if (part.type === 'data') request.body.push(part.content)
    if (part.type !== 'broken') request.complete = part.end
  }
}
