import { type Fields, literalBlock } from './blocks.ts'
import type { Dice } from './dice.ts'
import { type FuzzFrame, flag, frameOf, kind, settingsFrame, words } from './frames.ts'

/** Where frames are inserted: a stream that is in use, and one that is not yet. */
interface Place {
  readonly used: number
  readonly next: number
}

type Hostile = (place: Place, dice: Dice) => readonly FuzzFrame[]

const request: Fields = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':authority', 'lb.test'],
  [':path', '/hostile/plain'],
]

function head(stream: number, fields: Fields, flags = 0): FuzzFrame {
  return frameOf(kind.headers, flags | flag.endHeaders, stream, literalBlock(fields))
}

function repeated<One>(count: number, frame: (index: number) => One): One[] {
  return Array.from({ length: count }, (_, index) => frame(index))
}

const ends = flag.endStream

/** Fields that a request must not have, or not so: RFC 9113, sections 8.2 and 8.3. */
const badFields: readonly Fields[] = [
  [['X-Upper', 'a']],
  [['connection', 'close']],
  [['transfer-encoding', 'chunked']],
  [['te', 'gzip']],
  [['upgrade', 'h2c']],
  [['x-a', 'b\r\nx-c: d']],
  [['x-a', 'b\0']],
  [['x-a', ' b']],
  [['', 'empty']],
  [['x a', 'space']],
  [['x:a', 'colon']],
  [[':path', '/second']],
  [[':unknown', 'a']],
  [[':status', '200']],
  [['host', 'other.test']],
  [['content-length', '5']],
  [['content-length', '-1']],
  [
    ['content-length', '0'],
    ['content-length', '1'],
  ],
  [['x-large', 'v'.repeat(20_000)]],
  [['x-huge', 'v'.repeat(200_000)]],
  Array.from({ length: 2000 }, (_, index) => [`x-${index}`, 'a'] as const),
]

/** Values of pseudo-fields that make no request. */
const badRequests: readonly Fields[] = [
  [],
  request.slice(1),
  request.slice(0, 3),
  [...request.slice(0, 3), [':path', '']],
  [...request.slice(0, 3), [':path', '/a b']],
  [...request.slice(0, 3), [':path', '/a HTTP/1.1\r\nHost: b\r\n\r\nGET /b']],
  [...request.slice(0, 3), [':path', '*']],
  [[':method', 'CONNECT'], request[2] ?? ['', '']],
  [[':method', 'G ET'], ...request.slice(1)],
  [...request.slice(0, 2), [':authority', 'a@b/c'], [':path', '/']],
  [['x-first', 'a'], ...request],
  [...request, [':protocol', 'websocket']],
]

/** Header blocks that cannot be decoded, or that are costly: RFC 7541. */
export const badBlocks: readonly Buffer[] = [
  Buffer.of(0x80),
  Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
  Buffer.of(0xbe),
  Buffer.of(0x3f, 0xe2, 0x1f),
  Buffer.concat([literalBlock([['x-a', 'b']]), Buffer.of(0x20)]),
  // Huffman code: the end of the string in it, and padding that is too long or not of ones.
  Buffer.of(0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x01, 0x61),
  Buffer.of(0x00, 0x82, 0x1f, 0xff, 0x01, 0x61),
  Buffer.of(0x00, 0x81, 0x18, 0x01, 0x61),
  Buffer.of(0x00, 0x7f, 0xff, 0xff, 0xff, 0x7f),
  // A large field in the table, and many references to it.
  Buffer.concat([
    Buffer.of(0x40, 0x01, 0x78, 0x7f, 0xa1, 0x1e),
    Buffer.alloc(4000, 'b'),
    Buffer.alloc(12_000, 0xbe),
  ]),
]

/** Sequences of frames that a client must not send, or that cost more than they should. */
export const hostileFrames: Readonly<Record<string, Hostile>> = {
  'bad-field': ({ next }, dice) => [head(next, [...request, ...dice.of(badFields)], ends)],
  'bad-request': ({ next }, dice) => [head(next, dice.of(badRequests), ends)],
  'bad-block': ({ next }, dice) => [
    frameOf(kind.headers, flag.endHeaders | ends, next, dice.of(badBlocks)),
  ],
  'more-than-its-length': ({ next }) => [
    head(next, [...request, ['content-length', '3']]),
    frameOf(kind.data, ends, next, Buffer.from('12345')),
  ],
  'less-than-its-length': ({ next }) => [
    head(next, [...request, ['content-length', '7']]),
    frameOf(kind.data, ends, next, Buffer.from('12345')),
  ],
  'never-ended': ({ next }) => [head(next, request), frameOf(kind.data, 0, next, Buffer.from('1'))],
  'trailers-with-pseudo': ({ next }) => [head(next, request), head(next, [[':path', '/b']], ends)],
  'trailers-that-do-not-end': ({ next }) => [head(next, request), head(next, [['x', 'y']])],
  'unfinished-trailers': ({ next }) => [
    head(next, request),
    frameOf(kind.headers, ends, next, literalBlock([['x', 'y']])),
  ],
  'unfinished-head': ({ next }) => [frameOf(kind.headers, ends, next, literalBlock(request))],
  'interrupted-block': ({ used, next }) => [
    frameOf(kind.headers, ends, next, literalBlock(request)),
    frameOf(kind.data, 0, used, Buffer.from('between')),
    frameOf(kind.continuation, flag.endHeaders, next),
  ],
  'continuation-flood': ({ next }, dice) => [
    frameOf(kind.headers, ends, next, literalBlock(request)),
    ...repeated(dice.of([70, 300]), () =>
      frameOf(kind.continuation, 0, next, Buffer.alloc(dice.of([0, 1, 4000]), 0x82)),
    ),
  ],
  'stray-continuation': ({ used }) => [frameOf(kind.continuation, flag.endHeaders, used)],
  'data-on-idle': ({ next }) => [frameOf(kind.data, ends, next, Buffer.from('idle'))],
  'data-after-end': ({ used }) => [frameOf(kind.data, ends, used, Buffer.from('late'))],
  'headers-after-end': ({ used }) => [head(used, request, ends)],
  'even-stream': ({ next }) => [head(next + 1, request, ends)],
  'stream-zero': () => [head(0, request, ends)],
  'last-stream': () => [head(0x7fffffff, request, ends)],
  'many-streams': ({ next }) => repeated(150, (index) => head(next + 2 * index, request)),
  'reset-flood': ({ next }) =>
    repeated(600, (index) => index).flatMap((index) => [
      head(next + 2 * index, request, ends),
      frameOf(kind.rstStream, 0, next + 2 * index, words(8)),
    ]),
  'some-resets': ({ next }) =>
    repeated(30, (index) => index).flatMap((index) => [
      head(next + 2 * index, request),
      frameOf(kind.rstStream, 0, next + 2 * index, words(8)),
    ]),
  reset: ({ used }, dice) => [frameOf(kind.rstStream, 0, used, words(dice.of([0, 5, 8, 99])))],
  'reset-idle': ({ next }) => [frameOf(kind.rstStream, 0, next, words(8))],
  'settings-flood': (_, dice) =>
    repeated(dice.of([50, 200]), () => settingsFrame([[4, dice.below(100_000)]])),
  'bad-setting': (_, dice) => [
    settingsFrame([
      dice.of([
        [4, 0x80000000],
        [2, 2],
        [5, 100],
        [5, 0x1000000],
        [8, 2],
      ] as const),
    ]),
  ],
  'window-setting': (_, dice) => [settingsFrame([[4, dice.of([0, 1, 100, 0x7fffffff])]])],
  'table-setting': (_, dice) => [settingsFrame([[1, dice.of([0, 1, 100, 0xffffffff])]])],
  'odd-settings': () => [frameOf(kind.settings, 0, 0, Buffer.alloc(5))],
  'settings-acknowledged-twice': () => repeated(2, () => frameOf(kind.settings, flag.ack, 0)),
  'ping-flood': (_, dice) =>
    repeated(dice.of([100, 800]), () => frameOf(kind.ping, 0, 0, Buffer.alloc(8))),
  'priority-flood': ({ next }, dice) =>
    repeated(dice.of([100, 1500]), () => frameOf(kind.priority, 0, next, Buffer.alloc(5))),
  'unknown-flood': ({ used }, dice) =>
    repeated(dice.of([100, 1500]), () => frameOf(0xfe, 0xff, used, Buffer.alloc(9))),
  'empty-data-flood': ({ next }, dice) => [
    head(next, request),
    ...repeated(dice.of([50, 400]), () => frameOf(kind.data, 0, next)),
  ],
  'window-overflow': ({ used }, dice) =>
    repeated(2, () => frameOf(kind.windowUpdate, 0, dice.of([0, used]), words(0x7fffffff))),
  'window-of-zero': ({ used }, dice) => [
    frameOf(kind.windowUpdate, 0, dice.of([0, used]), words(0)),
  ],
  'window-flood': (_, dice) =>
    repeated(dice.of([100, 3000]), () => frameOf(kind.windowUpdate, 0, 0, words(1))),
  'more-than-the-window': ({ next }) => [
    head(next, request),
    ...repeated(10, () => frameOf(kind.data, 0, next, Buffer.alloc(16_384))),
  ],
  'only-padding': ({ next }) => [
    head(next, request),
    ...repeated(20, () =>
      frameOf(kind.data, flag.padded, next, Buffer.concat([Buffer.of(255), Buffer.alloc(255)])),
    ),
  ],
  'padding-too-long': ({ next }) => [
    head(next, request),
    frameOf(kind.data, flag.padded, next, Buffer.of(9, 1)),
  ],
  push: ({ used }) => [
    frameOf(kind.pushPromise, flag.endHeaders, used, Buffer.concat([words(2), Buffer.of(0x82)])),
  ],
  'go-away': (_, dice) => [
    frameOf(kind.goAway, 0, 0, Buffer.concat([words(0, dice.of([0, 2, 11])), Buffer.from('bye')])),
  ],
  'large-frame': ({ next }) => [head(next, request), frameOf(0, 0, next, Buffer.alloc(20_000))],
}
