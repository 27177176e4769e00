import { createHttp2Connection, type Http2Connection } from '../../../../src/http2/connection.ts'
import type { Role } from '../../../../src/http2/connection-state.ts'
import type { Http2Events } from '../../../../src/http2/events.ts'
import { defaultLimits, type Http2Limits } from '../../../../src/http2/limits.ts'
import type { Http2Stream } from '../../../../src/http2/stream.ts'
import type { WindowBudget } from '../../../../src/http2/window-budget.ts'
import { pairsIn } from './field-pairs.ts'
import { framesIn, preface, settings, settingsAck, type, type WireFrame } from './wire.ts'

/** A stream with a record of its own. */
type TestStream = Http2Stream<string>

/** What a connection reported. */
type Happening = readonly [event: string, ...details: unknown[]]

/** A connection under test, with a peer whose frames are made by hand. */
export interface Peer {
  readonly connection: Http2Connection<string>
  readonly happenings: Happening[]
  /** Streams that were opened by the peer, and those that `open` opened. */
  readonly streams: Map<number, TestStream>
  /** Sends frames; returns those that the connection sent since. */
  send(...frames: readonly Buffer[]): WireFrame[]
  /** The frames that were sent since. */
  taken(): WireFrame[]
  /** The happenings since. */
  news(): Happening[]
}

/** How a connection under test is set up. */
export interface PeerOptions {
  readonly role?: Role
  readonly limits?: Partial<Http2Limits>
  readonly extendedConnect?: boolean
  readonly windowBudget?: WindowBudget
  /** Nothing was said yet. */
  readonly fresh?: boolean
  /** Data is not consumed when it comes. */
  readonly holds?: boolean
  /** Of data only the number of bytes is recorded: of much of it the text would fill the memory. */
  readonly countsData?: boolean
  readonly on?: Partial<Http2Events<string>>
}

/** A connection whose handshake is done, unless it is to be `fresh`. */
export function peer(options: PeerOptions = {}): Peer {
  const { role = 'server', limits, fresh = false, extendedConnect = false, windowBudget } = options
  const happenings: Happening[] = []
  const streams = new Map<number, TestStream>()
  let seen = 0
  const connection: Http2Connection<string> = createHttp2Connection({
    role,
    limits: { ...defaultLimits, ...limits },
    extendedConnect,
    ...(windowBudget && { windowBudget }),
    events: recorder(options, { happenings, streams, connection: () => connection }),
  })
  const taken = () => framesIn(takeAll(connection))
  const self: Peer = {
    connection,
    happenings,
    streams,
    send(...frames) {
      connection.receive(Buffer.concat(frames))
      return taken()
    },
    taken,
    news() {
      const news = happenings.slice(seen)
      seen = happenings.length
      return news
    },
  }
  // What it says first is tested apart.
  takeAll(connection)
  if (!fresh) {
    self.send(...(role === 'server' ? [preface] : []), settings(), settingsAck)
    self.news()
  }
  return self
}

function takeAll(connection: Http2Connection<string>): Buffer {
  const taken: Buffer[] = []
  for (;;) {
    const bytes = connection.takeOutput()
    if (bytes.length === 0) return Buffer.concat(taken)
    taken.push(Buffer.from(bytes))
    connection.outputWritten()
  }
}

function recorder(
  { on = {}, holds = false, countsData = false }: PeerOptions,
  to: {
    readonly happenings: Happening[]
    readonly streams: Map<number, TestStream>
    readonly connection: () => Http2Connection<string>
  },
): Http2Events<string> {
  const note = (...happening: Happening) => to.happenings.push(happening)
  return {
    headers(stream, head, end) {
      to.streams.set(stream.id, stream)
      note('headers', stream.id, pairsIn(head.fields), end)
      on.headers?.(stream, head, end)
    },
    refused(stream, problem) {
      to.streams.set(stream.id, stream)
      note('refused', stream.id, problem)
      on.refused?.(stream, problem)
    },
    data(stream, bytes, end) {
      note('data', stream.id, countsData ? bytes.length : bytes.toString('latin1'), end)
      if (!holds) to.connection().consume(stream, bytes.length)
      on.data?.(stream, bytes, end)
    },
    trailers(stream, fields) {
      note('trailers', stream.id, pairsIn(fields))
      on.trailers?.(stream, fields)
    },
    drained(stream) {
      note('drained', stream.id)
      on.drained?.(stream)
    },
    closed(stream) {
      note('closed', stream.id, stream.ending, stream.code)
      on.closed?.(stream)
    },
    settings(peerSettings) {
      note('settings')
      on.settings?.(peerSettings)
    },
    pong: () => note('pong'),
    goAway: (code, lastStream) => note('goAway', code, lastStream),
    finished: () => note('finished'),
    failed: (code) => note('failed', code),
  }
}

/** What of a frame a test compares: its type, flags and stream, and for errors their code. */
export function summary(frames: readonly WireFrame[]): (readonly number[])[] {
  return frames.map(({ kind, stream, payload }) => {
    if (kind === type.rstStream) return [kind, stream, payload.readUInt32BE(0)]
    if (kind === type.goAway) return [kind, payload.readUInt32BE(0), payload.readUInt32BE(4)]
    if (kind === type.windowUpdate) return [kind, stream, payload.readUInt32BE(0)]
    return [kind, stream]
  })
}
