import { budgetKind, giveBack } from './budget.ts'
import { finishLocal } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { copyFields, type FieldList } from './field-list.ts'
import { defaultMaxFrameSize } from './frame-type.ts'
import { writeData } from './frame-writer.ts'
import { openOutput } from './output.ts'
import type { StreamState } from './stream.ts'
import { writeHeaders } from './write-headers.ts'

/** Sends a header section. */
export function sendHeaders<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  { fields, end }: { readonly fields: FieldList; readonly end: boolean },
): void {
  if (isDeaf(connection, stream)) return
  const { encoder, output, peer } = connection
  const to = {
    stream: stream.id,
    endStream: end,
    maxFrameSize: Math.min(peer.maxFrameSize, defaultMaxFrameSize),
  }
  writeHeaders(openOutput(output), encoder, { fields, to })
  stream.headSent = true
  if (!end) return
  stream.endTaken = true
  finishLocal(connection, stream)
}

/** Sends trailers, which end the message, after all queued data. */
export function sendTrailers<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  fields: FieldList,
): void {
  if (isDeaf(connection, stream)) return
  if (stream.queued === 0) sendHeaders(connection, stream, { fields, end: true })
  else {
    stream.endTaken = true
    stream.trailers = copyFields(fields)
  }
}

/**
 * Sends data as far as the windows and the output allow, and queues a copy of the rest.
 *
 * @returns false if data is queued: the caller should wait for `drained` before it sends more
 */
export function sendData<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  { bytes, end }: { readonly bytes: Buffer; readonly end: boolean },
): boolean {
  if (isDeaf(connection, stream)) return true
  stream.endTaken = end
  // Not before queued data of this stream, and not before streams that wait for their turn.
  if (stream.queued > 0 || (connection.waiting.size > 0 && bytes.length > 0)) {
    enqueue(connection, stream, bytes)
    return false
  }
  let sent = 0
  do {
    const size = roomFor(connection, stream, bytes.length - sent)
    if (size === 0 && bytes.length > 0) break
    const last = end && sent + size === bytes.length
    if (bytes.length > 0 || last) {
      sendPart(connection, stream, { bytes, from: sent, to: sent + size, end: last })
    }
    sent += size
  } while (sent < bytes.length)
  if (sent < bytes.length) {
    enqueue(connection, stream, bytes.subarray(sent))
    return false
  }
  if (end) finishLocal(connection, stream)
  return true
}

/** Sends queued data, one frame of each stream in turn, as far as the windows and the output allow. */
export function sendWaiting<User>(connection: ConnectionState<User>): void {
  const { waiting, output, limits } = connection
  while (connection.sendWindow > 0 && output.length < limits.output && !connection.dead) {
    const stream = firstOf(waiting)
    if (stream === undefined) return
    waiting.delete(stream)
    sendQueued(connection, stream)
    if (stream.queued > 0 && stream.sendWindow > 0) waiting.add(stream)
  }
}

function isDeaf<User>(connection: ConnectionState<User>, stream: StreamState<User>): boolean {
  return connection.dead || stream.ending !== undefined || stream.endTaken
}

function firstOf<Value>(values: ReadonlySet<Value>): Value | undefined {
  for (const value of values) return value
  return undefined
}

/** Bytes of data that may be sent now in one frame. */
function roomFor<User>(
  { sendWindow, output, limits }: ConnectionState<User>,
  stream: StreamState<User>,
  bytes: number,
): number {
  if (output.length >= limits.output) return 0
  // Every peer accepts frames of the default size; larger ones would delay other streams.
  return Math.max(0, Math.min(bytes, sendWindow, stream.sendWindow, defaultMaxFrameSize))
}

/** A DATA frame that is smaller because of a window replenishes neither the budget of WINDOW_UPDATE nor that of PING. */
const dribble = 1024
/** WINDOW_UPDATE frames that a peer may send for one DATA frame: stream, connection, and one spare. */
const updatesPerFrame = 3

function sendPart<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  part: {
    readonly bytes: Buffer
    readonly from: number
    readonly to: number
    readonly end: boolean
  },
): void {
  const { from, to, end } = part
  const size = to - from
  writeData(openOutput(connection.output), part.bytes, { stream: stream.id, from, to, end })
  connection.sendWindow -= size
  stream.sendWindow -= size
  const cutOff = connection.sendWindow === 0 || stream.sendWindow === 0
  if (size < dribble && cutOff) return
  giveBack(connection.budgets, budgetKind.windowUpdate, updatesPerFrame)
  // Peers such as gRPC measure the path with a PING for data that they receive.
  giveBack(connection.budgets, budgetKind.ping, 1)
}

function enqueue<User>(
  { waiting }: ConnectionState<User>,
  stream: StreamState<User>,
  bytes: Buffer,
): void {
  if (bytes.length === 0) return
  stream.queue.push(Buffer.from(bytes))
  stream.queued += bytes.length
  if (stream.sendWindow > 0) waiting.add(stream)
}

/** Sends one frame of the queued data of a stream. */
function sendQueued<User>(connection: ConnectionState<User>, stream: StreamState<User>): void {
  const bytes = stream.queue[0] as Buffer
  const from = stream.queueStart
  const size = roomFor(connection, stream, bytes.length - from)
  const rest = stream.queued - size
  const end = rest === 0 && stream.endTaken && stream.trailers === undefined
  sendPart(connection, stream, { bytes, from, to: from + size, end })
  stream.queued = rest
  if (from + size < bytes.length) stream.queueStart = from + size
  else {
    stream.queue.shift()
    stream.queueStart = 0
  }
  if (rest > 0) return
  if (stream.trailers !== undefined) {
    const fields = stream.trailers
    stream.trailers = undefined
    stream.endTaken = false
    sendHeaders(connection, stream, { fields, end: true })
  } else if (end) finishLocal(connection, stream)
  else connection.events.drained(stream)
}
