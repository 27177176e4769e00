import type { Socket } from 'node:net'
import { literalBlock } from '../../fuzz/http2/blocks.ts'
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
import type { Behaviour } from './crowd-behaviour.ts'

const cancel = words(8)
/** SETTINGS_INITIAL_WINDOW_SIZE: RFC 9113, section 6.5.2. */
const initialWindow = 4
/** Streams of a client without a window. */
const zeroWindowStreams = 4
/** Streams that a flood opens and resets: more than the balancer allows at once. */
const floodStreams = 1200
/** CONTINUATION frames of a flood, and bytes of each. */
const floodFrames = 64
const floodFrameBytes = 16_384

const blockOf = (path: string) =>
  literalBlock([
    [':method', 'GET'],
    [':scheme', 'http'],
    [':authority', 'lb.test'],
    [':path', path],
  ])
const idleBlock = blockOf('/idle')
const largeBlock = blockOf('/large')
const ended = flag.endHeaders | flag.endStream
const padding = literalBlock([['x-padding', 'a'.repeat(1000)]])

const allFrames = (frames: readonly FuzzFrame[]) => Buffer.concat(frames.map(frameBytes))
/** The bytes of a flood, which are the same for all clients. */
const resetFlood = allFrames(
  Array.from({ length: floodStreams }, (_, index) => 2 * index + 1).flatMap((stream) => [
    frameOf(kind.headers, ended, stream, idleBlock),
    frameOf(kind.rstStream, 0, stream, cancel),
  ]),
)
const unfinished = frameBytes(frameOf(kind.headers, flag.endStream, 1, idleBlock))
const repeatedPadding = Buffer.alloc(floodFrameBytes, padding)
const continuationFlood = Buffer.concat([
  unfinished,
  allFrames(
    Array.from({ length: floodFrames }, () => frameOf(kind.continuation, 0, 1, repeatedPadding)),
  ),
])

/** Misbehaving clients in HTTP/2: they are open with the first head of a response, the others with their first frames. */
export const http2Crowd = {
  idleHttp2(socket, begun) {
    open(socket, begun)
    socket.write(frameBytes(frameOf(kind.headers, ended, 1, idleBlock)))
  },
  zeroWindows(socket, begun) {
    open(socket, begun, [[initialWindow, 0]])
    for (let index = 0; index < zeroWindowStreams; index++)
      socket.write(frameBytes(frameOf(kind.headers, ended, 2 * index + 1, largeBlock)))
  },
  unfinishedHeads(socket, begun) {
    open(socket, undefined, [], () => socket.write(unfinished, begun))
    let at = 0
    const send = () => {
      const byte = padding.subarray(at, at + 1)
      at++
      socket.write(frameBytes(frameOf(kind.continuation, 0, 1, byte)))
    }
    const timer = setInterval(send, 1000)
    socket.on('close', () => clearInterval(timer))
  },
  resetFloods(socket, begun) {
    open(socket, undefined)
    socket.write(resetFlood, begun)
  },
  continuationFloods(socket, begun) {
    open(socket, undefined, [], () => socket.write(continuationFlood, begun))
  },
} as const satisfies Readonly<Record<string, Behaviour>>

/**
 * Starts HTTP/2, and acknowledges SETTINGS; nothing may come between the frames of a header block. `onHead`: called with each head of a
 * response; `onReady`: after the acknowledgement.
 */
function open(
  socket: Socket,
  onHead: (() => void) | undefined,
  settings: readonly (readonly [number, number])[] = [],
  onReady?: () => void,
): void {
  socket.write(Buffer.concat([preface, frameBytes(settingsFrame(settings))]))
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const { frames, end } = framesIn(all)
    rest = Buffer.from(all.subarray(end))
    for (const frame of frames) {
      if (frame.kind === kind.headers) onHead?.()
      if (frame.kind !== kind.settings || (frame.flags & flag.ack) !== 0) continue
      socket.write(frameBytes(frameOf(kind.settings, flag.ack, 0)))
      onReady?.()
    }
  })
}
