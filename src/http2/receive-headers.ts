import type { BlockFrame } from './block-frame.ts'
import { budgetKind, spend } from './budget.ts'
import { fail, remember, spendReset } from './close-stream.ts'
import { strayFrame, useIdentifier } from './closed-streams.ts'
import { type ConnectionState, noBytes } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import type { PayloadSpan } from './frame-reader.ts'
import type { FrameHeader } from './frame-rules.ts'
import { frameFlag, frameType } from './frame-type.ts'
import { writeRstStream } from './frame-writer.ts'
import { decodeBlock } from './hpack/decoder.ts'
import { openOutput } from './output.ts'
import { receiveRequest } from './receive-request.ts'
import { receiveResponse } from './receive-response.ts'
import { receiveTrailers } from './receive-trailers.ts'

const priorityBytes = 5

/** Handles a HEADERS frame: RFC 9113, section 6.2. Its priority is ignored. */
export function receiveHeaders<User>(
  connection: ConnectionState<User>,
  frame: FrameHeader,
  { bytes, from, end }: PayloadSpan & { readonly bytes: Buffer },
): boolean {
  const { flags } = frame
  const padded = (flags & frameFlag.padded) !== 0
  const padding = padded ? (bytes[from] as number) : 0
  const start = from + (padded ? 1 : 0) + ((flags & frameFlag.priority) !== 0 ? priorityBytes : 0)
  if (start + padding > end) {
    return fail(connection, errorCode.protocolError, 'padding longer than its frame')
  }
  const fragment = { bytes, at: start, end: end - padding }
  const endStream = (flags & frameFlag.endStream) !== 0
  if ((flags & frameFlag.endHeaders) !== 0) {
    return receiveBlock(connection, { ...frame, endStream }, fragment)
  }
  const { block } = connection
  block.stream = frame.stream
  block.endStream = endStream
  block.length = 0
  block.continuations = 0
  return addFragment(connection, fragment)
}

/** Handles a CONTINUATION frame: RFC 9113, section 6.10. */
export function receiveContinuation<User>(
  connection: ConnectionState<User>,
  frame: FrameHeader,
  { bytes, from, end }: PayloadSpan & { readonly bytes: Buffer },
): boolean {
  const { block, limits } = connection
  if (++block.continuations > limits.continuations) {
    return fail(connection, errorCode.enhanceYourCalm, 'too many CONTINUATION frames')
  }
  const ends = (frame.flags & frameFlag.endHeaders) !== 0
  if (!addFragment(connection, { bytes, at: from, end, ends })) return false
  if (!ends) return true
  const { stream, endStream, length } = block
  const whole = { bytes: block.bytes, at: 0, end: length }
  block.stream = 0
  block.bytes = noBytes
  return receiveBlock(connection, { ...frame, stream, endStream }, whole)
}

interface Fragment {
  readonly bytes: Buffer
  readonly at: number
  readonly end: number
  readonly ends?: boolean
}

/** Keeps a fragment of a header block until the block is complete. */
function addFragment<User>(connection: ConnectionState<User>, fragment: Fragment): boolean {
  const { block, limits, budgets } = connection
  const { bytes, at, end, ends = false } = fragment
  const length = block.length + end - at
  if (length > limits.headerBlock) {
    return fail(connection, errorCode.enhanceYourCalm, 'a header block that is too large')
  }
  if (at === end && !ends && !spend(budgets, budgetKind.empty)) {
    return fail(connection, errorCode.enhanceYourCalm, 'too many empty frames')
  }
  if (length > block.bytes.length) {
    const larger = Buffer.allocUnsafe(Math.min(2 * length, limits.headerBlock))
    block.bytes.copy(larger, 0, 0, block.length)
    block.bytes = larger
  }
  bytes.copy(block.bytes, block.length, at, end)
  block.length = length
  return true
}

/**
 * Handles a complete header block. It is decoded whatever the state of its stream is, since later blocks depend
 * on the dynamic table: RFC 9113, section 4.3.
 */
function receiveBlock<User>(
  connection: ConnectionState<User>,
  frame: BlockFrame,
  block: Fragment,
): boolean {
  const { decoder, head, streams, role } = connection
  if (!decodeBlock(decoder, block, head.fields)) {
    return fail(connection, errorCode.compressionError, 'a broken header block')
  }
  const stream = streams.get(frame.stream)
  if (stream !== undefined) {
    if (!stream.headReceived) return receiveResponse(connection, stream, frame)
    return receiveTrailers(connection, stream, frame)
  }
  const opens = role === 'server' && frame.stream > connection.lastStream && frame.stream % 2 === 1
  if (!opens) return strayFrame(connection, frame)
  useIdentifier(connection, frame.stream)
  if (frame.stream > connection.goAwaySent) return strayFrame(connection, frame)
  if (streams.size >= connection.limits.streams) return refuse(connection, frame.stream)
  return receiveRequest(connection, frame)
}

/** Refuses a stream beyond the limit of concurrent streams: RFC 9113, section 5.1.2. The client may retry it. */
function refuse<User>(connection: ConnectionState<User>, id: number): boolean {
  writeRstStream(openOutput(connection.output), id, errorCode.refusedStream)
  remember(connection, id)
  return spendReset(connection)
}

/** Whether a frame is allowed by the order of header blocks: only CONTINUATION of the same stream within one. */
export function keepsOrder<User>(
  { block }: ConnectionState<User>,
  { type, stream }: FrameHeader,
): boolean {
  if (type === frameType.continuation) return block.stream !== 0 && stream === block.stream
  return block.stream === 0
}
