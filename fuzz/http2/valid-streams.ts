import { type BlockWriter, compressingWriter, type Fields, literalBlock } from './blocks.ts'
import type { Dice } from './dice.ts'
import { type FuzzFrame, flag, frameOf, kind, words } from './frames.ts'
import { responseKinds } from './planned-response.ts'

/** A request that is sent in several steps, between those of other streams. */
interface PlannedRequest {
  readonly stream: number
  readonly fields: Fields
  readonly pieces: Buffer[]
  readonly trailers: Fields | undefined
  opened: boolean
}

/** Bytes of all bodies of a connection together: less than the default windows. */
const maxBodies = 60_000

/** The frames of some valid requests, in a random order that RFC 9113 allows. */
export function validStreams(dice: Dice, number: number): FuzzFrame[] {
  const count = dice.chance(0.1) ? 20 + dice.below(60) : 1 + dice.below(6)
  const requests = Array.from({ length: count }, (_, index) =>
    plannedRequest(dice, { number, stream: 2 * index + 1, room: Math.floor(maxBodies / count) }),
  )
  const writer = dice.chance(0.5) ? compressingWriter() : undefined
  const frames: FuzzFrame[] = []
  let left = requests
  while (left.length > 0) {
    // Streams are opened in the order of their identifiers.
    const unopened = left.findIndex(({ opened }) => !opened)
    const candidates = unopened < 0 ? left : left.slice(0, unopened + 1)
    const request = dice.of(candidates)
    const { done, sent } = nextStep(request, writer, dice)
    frames.push(...sent)
    if (done) left = left.filter((one) => one !== request)
    if (dice.chance(0.1)) frames.push(harmless(dice, request.stream))
  }
  return frames
}

function plannedRequest(
  dice: Dice,
  { number, stream, room }: { readonly number: number; readonly stream: number; room: number },
): PlannedRequest {
  const method = dice.of(['GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'])
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH' || dice.chance(0.1)
  const body = hasBody ? Buffer.alloc(dice.below(room), `${number}.${stream} `) : Buffer.alloc(0)
  const pieces: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const end = Math.min(body.length, at + 1 + dice.below(dice.of([3, 100, 5000, 16_000])))
    pieces.push(body.subarray(at, end))
    at = end
  }
  // A byte at a time is an attack that the balancer ends: RFC 9113, section 10.5.
  if (pieces.length > 50) pieces.splice(0, pieces.length, body)
  const trailers: Fields | undefined =
    hasBody && dice.chance(0.3) ? [['x-check', String(body.length)]] : undefined
  const counted = hasBody && dice.chance(0.5)
  return {
    stream,
    fields: [
      [':method', method],
      [':scheme', 'http'],
      [':authority', 'lb.test'],
      [':path', `/c/${number}/${stream}/${dice.of(responseKinds)}`],
      ...extraFields(dice),
      ...(counted ? [['content-length', String(body.length)] as const] : []),
    ],
    pieces: pieces.flatMap((piece) => (piece.length > 16_000 ? halves(piece) : [piece])),
    trailers,
    opened: false,
  }
}

function halves(piece: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < piece.length; at += 16_000) parts.push(piece.subarray(at, at + 16_000))
  return parts
}

function extraFields(dice: Dice): Fields {
  const all: Fields = [
    ['te', 'trailers'],
    ['cookie', 'a=1'],
    ['cookie', 'b=2'],
    ['priority', 'u=1, i'],
    ['user-agent', 'fuzz'],
    ['x-long', 'v'.repeat(dice.below(3000))],
    ['x-empty', ''],
    ['accept', '*/*'],
    ['x-obs-text', '\xe4\xf6\xfc'],
  ]
  return all.filter(() => dice.chance(0.25))
}

function nextStep(
  request: PlannedRequest,
  writer: BlockWriter | undefined,
  dice: Dice,
): { readonly done: boolean; readonly sent: FuzzFrame[] } {
  const { stream, fields, pieces, trailers } = request
  if (!request.opened) {
    request.opened = true
    if (dice.chance(0.1)) writer?.resize(dice.of([0, 100, 1000, 4096]))
    const done = pieces.length === 0 && trailers === undefined && dice.chance(0.8)
    return { done, sent: blockFrames(dice, { stream, block: write(writer, fields), end: done }) }
  }
  const piece = pieces.shift()
  if (piece === undefined && trailers !== undefined) {
    return {
      done: true,
      sent: blockFrames(dice, { stream, block: write(writer, trailers), end: true }),
    }
  }
  const done = pieces.length === 0 && trailers === undefined
  return { done, sent: [dataFrame(dice, { stream, piece: piece ?? Buffer.alloc(0), end: done })] }
}

function write(writer: BlockWriter | undefined, fields: Fields): Buffer {
  return writer?.write(fields) ?? literalBlock(fields)
}

/** HEADERS, with priority and padding now and then, and CONTINUATION. */
function blockFrames(
  dice: Dice,
  {
    stream,
    block,
    end,
  }: { readonly stream: number; readonly block: Buffer; readonly end: boolean },
): FuzzFrame[] {
  const cuts = dice.chance(0.2) ? 1 + dice.below(4) : 0
  const size = Math.min(16_000, Math.ceil(block.length / (cuts + 1)))
  const parts: Buffer[] = []
  for (let at = 0; at < block.length; at += size) parts.push(block.subarray(at, at + size))
  return parts.map((part, index) => {
    const flags = index === parts.length - 1 ? flag.endHeaders : 0
    if (index > 0) return frameOf(kind.continuation, flags, stream, part)
    return headersFrame(dice, { stream, part, flags: flags | (end ? flag.endStream : 0) })
  })
}

function headersFrame(
  dice: Dice,
  { stream, part, flags }: { readonly stream: number; readonly part: Buffer; flags: number },
): FuzzFrame {
  const padding = dice.chance(0.1) ? dice.below(200) : undefined
  const priority = dice.chance(0.1)
  const payload = Buffer.concat([
    padding === undefined ? Buffer.alloc(0) : Buffer.of(padding),
    priority
      ? Buffer.concat([words(dice.below(100)), Buffer.of(dice.below(256))])
      : Buffer.alloc(0),
    part,
    Buffer.alloc(padding ?? 0),
  ])
  const more = (padding === undefined ? 0 : flag.padded) | (priority ? flag.priority : 0)
  return frameOf(kind.headers, flags | more, stream, payload)
}

function dataFrame(
  dice: Dice,
  {
    stream,
    piece,
    end,
  }: { readonly stream: number; readonly piece: Buffer; readonly end: boolean },
): FuzzFrame {
  const flags = end ? flag.endStream : 0
  if (!dice.chance(0.1)) return frameOf(kind.data, flags, stream, piece)
  const padding = dice.below(100)
  const payload = Buffer.concat([Buffer.of(padding), piece, Buffer.alloc(padding)])
  return frameOf(kind.data, flags | flag.padded, stream, payload)
}

/** A frame that changes nothing. */
function harmless(dice: Dice, stream: number): FuzzFrame {
  return dice.of([
    () => frameOf(kind.ping, 0, 0, Buffer.alloc(8, 'ping')),
    () => frameOf(kind.priority, 0, stream, Buffer.concat([words(0), Buffer.of(16)])),
    () => frameOf(0x10, 0, 0, Buffer.from('0u=3')),
    () => frameOf(0xbe, 0xff, stream, Buffer.alloc(dice.below(100))),
    () => frameOf(kind.windowUpdate, 0, 0, words(1 + dice.below(1000))),
    () => frameOf(kind.settings, 0, 0),
  ])()
}
