import { type Fields, literalBlock } from './blocks.ts'
import type { Dice } from './dice.ts'
import { type FuzzFrame, flag, frameOf, kind, settingsFrame, words } from './frames.ts'
import { badBlocks } from './hostile-frames.ts'

type Lie = (stream: number, dice: Dice) => readonly FuzzFrame[]

function head(stream: number, fields: Fields, flags = 0): FuzzFrame {
  return frameOf(kind.headers, flags | flag.endHeaders, stream, literalBlock(fields))
}

function repeated(count: number, frame: () => FuzzFrame): FuzzFrame[] {
  return Array.from({ length: count }, frame)
}

/** Heads that are no responses: RFC 9113, sections 8.2 and 8.3.2. */
const badHeads: readonly Fields[] = [
  [],
  [['x-a', 'b']],
  [[':status', '99']],
  [[':status', '600']],
  [[':status', '2000']],
  [[':status', 'abc']],
  [[':status', '101']],
  [
    [':status', '204'],
    ['content-length', '5'],
  ],
  [[':status', '304']],
  [
    [':status', '200'],
    [':status', '200'],
  ],
  [
    [':status', '200'],
    [':path', '/'],
  ],
  [
    ['x-a', 'b'],
    [':status', '200'],
  ],
  [
    [':status', '200'],
    ['X-Upper', 'a'],
  ],
  [
    [':status', '200'],
    ['transfer-encoding', 'chunked'],
  ],
  [
    [':status', '200'],
    ['connection', 'close'],
  ],
  [
    [':status', '200'],
    ['x-a', 'b\r\n\r\nHTTP/1.1 200 OK'],
  ],
  [
    [':status', '200'],
    ['content-length', '1'],
    ['content-length', '2'],
  ],
  [
    [':status', '200'],
    ['content-length', '-1'],
  ],
  [
    [':status', '200'],
    ['x-large', 'v'.repeat(15_000)],
  ],
  [[':status', '200'], ...Array.from({ length: 500 }, (_, at) => [`x-${at}`, 'a'] as const)],
]

/** Sequences of frames that a backend must not send, or that cost more than they should. */
export const lyingFrames: Readonly<Record<string, Lie>> = {
  'bad-head': (stream, dice) => [head(stream, dice.of(badHeads), dice.of([0, flag.endStream]))],
  'bad-block': (stream, dice) => [
    frameOf(kind.headers, flag.endHeaders, stream, dice.of(badBlocks)),
  ],
  'data-first': (stream) => [frameOf(kind.data, 0, stream, Buffer.from('too early'))],
  'ends-early': (stream) => [frameOf(kind.data, flag.endStream, stream, Buffer.from('end'))],
  'trailers-early': (stream) => [head(stream, [['x-sum', '1']], flag.endStream)],
  'trailers-with-status': (stream) => [head(stream, [[':status', '200']], flag.endStream)],
  'interim-flood': (stream, dice) =>
    repeated(dice.of([20, 3000]), () => head(stream, [[':status', '103']])),
  reset: (stream, dice) => [frameOf(kind.rstStream, 0, stream, words(dice.of([0, 2, 7, 8, 11])))],
  'reset-idle': () => [frameOf(kind.rstStream, 0, 0x7ffffff1, words(8))],
  'go-away': (stream, dice) => [
    frameOf(kind.goAway, 0, 0, words(dice.of([0, stream, 0x7fffffff]), dice.of([0, 0, 2, 11]))),
  ],
  'unfinished-head': (stream) => [
    frameOf(kind.headers, flag.endStream, stream, literalBlock([[':status', '200']])),
  ],
  'continuation-flood': (stream, dice) => [
    frameOf(kind.headers, 0, stream, literalBlock([[':status', '200']])),
    ...repeated(dice.of([70, 400]), () =>
      frameOf(kind.continuation, 0, stream, Buffer.alloc(dice.of([0, 1, 4000]), 0x88)),
    ),
  ],
  push: (stream) => [
    frameOf(kind.pushPromise, flag.endHeaders, stream, Buffer.concat([words(2), Buffer.of(0x82)])),
  ],
  'window-overflow': (stream, dice) =>
    repeated(2, () => frameOf(kind.windowUpdate, 0, dice.of([0, stream]), words(0x7fffffff))),
  'window-of-zero': (stream, dice) => [
    frameOf(kind.windowUpdate, 0, dice.of([0, stream]), words(0)),
  ],
  'settings-flood': (_, dice) =>
    repeated(dice.of([50, 3000]), () => settingsFrame([[4, dice.below(100_000)]])),
  'bad-setting': (_, dice) => [
    settingsFrame([
      dice.of([
        [4, 0x80000000],
        [2, 1],
        [5, 100],
        [8, 2],
      ] as const),
    ]),
  ],
  'ping-flood': (_, dice) =>
    repeated(dice.of([100, 9000]), () => frameOf(kind.ping, 0, 0, Buffer.alloc(8))),
  'unknown-flood': (stream, dice) =>
    repeated(dice.of([100, 20_000]), () => frameOf(0xfe, 0xff, stream, Buffer.alloc(9))),
  'empty-data-flood': (stream, dice) =>
    repeated(dice.of([50, 5000]), () => frameOf(kind.data, 0, stream)),
  'more-than-the-window': (stream) => [
    head(stream, [[':status', '200']]),
    ...repeated(150, () => frameOf(kind.data, 0, stream, Buffer.alloc(16_384))),
  ],
  'only-padding': (stream) =>
    repeated(50, () =>
      frameOf(kind.data, flag.padded, stream, Buffer.concat([Buffer.of(255), Buffer.alloc(255)])),
    ),
  silence: () => [],
}
