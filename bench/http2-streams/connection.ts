import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Fields, literalBlock } from '../../fuzz/http2/blocks.ts'
import {
  type FuzzFrame,
  flag,
  frameBytes,
  frameOf,
  framesIn,
  kind,
  preface,
  settingsFrame,
  words,
} from '../../fuzz/http2/frames.ts'

/** Streams of one connection: fewer resets than the balancer allows at once. */
export const streamsOfConnection = 400
/** Streams that are open at once. */
const batch = 40

const ended: Fields = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':authority', 'lb.test'],
  [':path', '/'],
]
const get = literalBlock(ended)
const post = literalBlock([[':method', 'POST'], ...ended.slice(1)])
const cancel = words(8)
const part = Buffer.from('a part')

/** What a stream does: a request with its response, a reset before it, or a body that does not end. */
function framesOf(id: number): FuzzFrame[] {
  const headers = (flags: number, block: Buffer) =>
    frameOf(kind.headers, flags | flag.endHeaders, id, block)
  const reset = frameOf(kind.rstStream, 0, id, cancel)
  switch (((id - 1) / 2) % 4) {
    case 0:
      return [headers(flag.endStream, get)]
    case 1:
      return [headers(0, post), frameOf(kind.data, 0, id, part), reset]
    case 2:
      // The response comes before the request has ended.
      return [headers(0, post), frameOf(kind.data, 0, id, part)]
    default:
      return [headers(flag.endStream, get), reset]
  }
}

function awaitsResponse(id: number): boolean {
  return ((id - 1) / 2) % 2 === 0
}

/**
 * Opens a connection with `streamsOfConnection` streams, and disconnects within the trailers of the last.
 *
 * @throws {Error} the connection was closed before
 */
export async function playConnection(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const open = new Set<number>()
  let rest: Buffer = Buffer.alloc(0)
  let done: (() => void) | undefined
  socket.on('error', () => undefined)
  socket.on('data', (bytes: Buffer) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const { frames, end } = framesIn(all)
    rest = all.subarray(end)
    for (const frame of frames) take(socket, open, frame)
    if (open.size === 0) done?.()
  })
  const closed = once(socket, 'close').then(() => {
    throw new Error(`the connection was closed while ${open.size} streams were open`)
  })
  closed.catch(() => undefined)
  write(socket, [settingsFrame([]), frameOf(kind.settings, flag.ack, 0)], preface)
  for (let first = 0; first < streamsOfConnection; first += batch) {
    const ids = Array.from({ length: batch }, (_, index) => 2 * (first + index) + 1)
    for (const id of ids.filter(awaitsResponse)) open.add(id)
    write(socket, ids.flatMap(framesOf))
    const complete = new Promise<void>((resolve) => {
      done = resolve
    })
    if (open.size > 0) await Promise.race([complete, closed])
  }
  leaveInTrailers(socket)
}

function take(socket: Socket, open: Set<number>, { kind: type, flags, stream }: FuzzFrame): void {
  const ends = (type === kind.data || type === kind.headers) && (flags & flag.endStream) !== 0
  if (!ends || !open.delete(stream)) return
  // A request whose response came early is given up.
  if (((stream - 1) / 2) % 4 === 2) write(socket, [frameOf(kind.rstStream, 0, stream, cancel)])
}

/** Disconnects in the middle of a block of trailers. */
function leaveInTrailers(socket: Socket): void {
  const id = 2 * streamsOfConnection + 1
  const trailers = literalBlock([['x-trailer', 'unfinished']])
  write(socket, [
    frameOf(kind.headers, flag.endHeaders, id, post),
    frameOf(kind.data, 0, id, part),
    frameOf(kind.headers, flag.endStream, id, trailers),
  ])
  socket.end(() => socket.destroy())
}

function write(socket: Socket, frames: readonly FuzzFrame[], before = Buffer.alloc(0)): void {
  if (socket.writable) socket.write(Buffer.concat([before, ...frames.map(frameBytes)]))
}
