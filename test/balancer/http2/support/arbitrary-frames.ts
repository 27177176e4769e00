import fc from 'fast-check'
import {
  block,
  data,
  flag,
  frame,
  get,
  goAway,
  headers,
  ok,
  ping,
  post,
  rstStream,
  settings,
  settingsAck,
  type,
  windowUpdate,
} from './wire.ts'

const ids = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(1, 3, 5, 7, 9, 11) },
  { weight: 1, arbitrary: fc.constantFrom(0, 2, 0x7fffffff) },
)
const flags = fc.constantFrom(0, flag.endStream, flag.endHeaders, 5, flag.padded, 9, 0x2d, 255)
const content = fc.oneof(
  fc.constantFrom('', 'x', 'content'),
  fc.integer({ min: 0, max: 20_000 }).map((length) => 'c'.repeat(length)),
)
const sections = fc.constantFrom(
  get,
  post,
  ok,
  [[':status', '103']] as const,
  [[':status', '204']] as const,
  [['trailer', 'value']] as const,
  [...post, ['content-length', '7']] as const,
  [...get, ['Bad', 'name']] as const,
  [...get, ['large', 'v'.repeat(70_000)]] as const,
)
const ends = fc.constantFrom(0, flag.endStream)
const increments = fc.constantFrom(0, 1, 1000, 100_000, 0x7fffffff)
const codes = fc.constantFrom(0, 7, 8, 99)

/** Frames that are mostly well formed, though not always allowed where they stand. */
const plausible = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(ids, sections, ends).map((of) => headers(...of)) },
  { weight: 8, arbitrary: fc.tuple(ids, content, ends).map((of) => data(...of)) },
  { weight: 3, arbitrary: fc.tuple(ids, increments).map((of) => windowUpdate(...of)) },
  { weight: 2, arbitrary: fc.tuple(ids, codes).map((of) => rstStream(...of)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 9), fc.constantFrom(0, 1, 100, 65_536, 1 << 20))
      .map((pair) => settings(pair)),
  },
  { weight: 1, arbitrary: fc.constantFrom(ping, settingsAck, goAway(0, 0), goAway(3, 2)) },
  {
    weight: 2,
    arbitrary: fc.tuple(ids, sections, fc.nat(40)).map(([id, section, cut]) => {
      const bytes = block(section).subarray(0, 16_384)
      return Buffer.concat([
        frame(type.headers, flag.endStream, id, bytes.subarray(0, cut)),
        frame(type.continuation, flag.endHeaders, id, bytes.subarray(cut)),
      ])
    }),
  },
)

/** Frames of any type, flags and payload. */
const wild = fc
  .tuple(fc.nat(11), flags, ids, fc.uint8Array({ maxLength: 40 }))
  .map(([kind, set, id, payload]) => frame(kind, set, id, payload))

/** A well-formed frame with some bytes changed. */
const spoilt = fc
  .tuple(plausible, fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 3 }))
  .map(([bytes, changes]) => {
    const copy = Buffer.from(bytes)
    for (const [at, value] of changes) copy[at % copy.length] = value
    return copy
  })

/** A sequence of frames, and other bytes, behind a handshake. */
export const frameSequences = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: plausible },
    { weight: 2, arbitrary: wild },
    { weight: 1, arbitrary: spoilt },
  ),
  { maxLength: 40 },
)
