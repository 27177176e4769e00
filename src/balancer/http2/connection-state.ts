import type { ByteBuffer } from '../http/byte-buffer.ts'
import { type Budgets, newBudgets } from './budget.ts'
import type { Http2Events } from './events.ts'
import { newFieldList } from './field-list.ts'
import { type FrameReader, newFrameReader } from './frame-reader.ts'
import { type Http2Head, newHead } from './head-check.ts'
import { type HpackDecoder, newHpackDecoder } from './hpack/decoder.ts'
import { type HpackEncoder, newHpackEncoder } from './hpack/encoder.ts'
import type { Http2Limits } from './limits.ts'
import { emptyOutput } from './output.ts'
import { newReceiveWindow, type ReceiveWindow } from './receive-window.ts'
import { defaultWindow, initialPeerSettings, type PeerSettings } from './settings.ts'
import type { StreamState } from './stream.ts'

/** Which side of a connection this is. */
export type Role = 'server' | 'client'

/** A header block of which frames are missing: RFC 9113, section 4.3. */
interface OpenBlock {
  /** Its stream; 0: there is none. */
  stream: number
  endStream: boolean
  bytes: Buffer
  length: number
  continuations: number
}

/** A connection in HTTP/2, as data. */
export interface ConnectionState<User> {
  readonly role: Role
  readonly limits: Http2Limits
  readonly events: Http2Events<User>
  /** Requests may have :protocol: RFC 8441. */
  readonly extendedConnect: boolean
  readonly peer: PeerSettings
  readonly budgets: Budgets
  readonly reader: FrameReader
  /** Bytes of the client's preface that are missing. */
  prefaceLeft: number
  /** The peer sent its first SETTINGS, and acknowledged ours. */
  settingsRead: boolean
  acknowledged: boolean
  readonly output: ByteBuffer
  /** The memory of what was taken from the output last. */
  lent: Buffer | undefined
  readonly decoder: HpackDecoder
  readonly encoder: HpackEncoder
  readonly head: Http2Head
  readonly block: OpenBlock
  /** Streams that are open. All are opened by the client, as there is no push. */
  readonly streams: Map<number, StreamState<User>>
  /** The highest identifier that was used: streams above it are idle. */
  lastStream: number
  /** The stream whose data is being read, and its frame's length of data. */
  dataStream: StreamState<User> | undefined
  sendWindow: number
  readonly received: ReceiveWindow
  /** Streams with data that waits and a window for it, in the order in which they take their turns. */
  readonly waiting: Set<StreamState<User>>
  /** Streams that this side reset last: frames that were on their way are no error. All up to `forgotten` count. */
  readonly resetStreams: Set<number>
  forgotten: number
  /** The last stream that GOAWAY named: Infinity before there was one, on either side. */
  goAwaySent: number
  goAwayReceived: number
  /** A first GOAWAY was sent, and the PING behind it was not acknowledged. */
  announced: boolean
  finished: boolean
  /** Nothing more is read or sent. */
  dead: boolean
}

/** How a connection is made. */
export interface Http2Options<User> {
  readonly role: Role
  readonly limits: Http2Limits
  readonly events: Http2Events<User>
  /** As a server: take requests that have :protocol (RFC 8441). */
  readonly extendedConnect?: boolean
}

/** The first bytes of a client: RFC 9113, section 3.4. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

/** The memory of a header block when none is open. */
export const noBytes = Buffer.alloc(0)

/** A connection on which nothing was said yet. */
export function newConnectionState<User>({
  role,
  limits,
  events,
  extendedConnect = false,
}: Http2Options<User>): ConnectionState<User> {
  const received = newReceiveWindow(Math.max(limits.unread, defaultWindow))
  received.available = defaultWindow
  return {
    role,
    limits,
    events,
    extendedConnect,
    peer: initialPeerSettings(),
    budgets: newBudgets(limits.allowances),
    reader: newFrameReader(),
    prefaceLeft: role === 'server' ? preface.length : 0,
    settingsRead: false,
    acknowledged: false,
    output: emptyOutput(),
    lent: undefined,
    decoder: newHpackDecoder(),
    encoder: newHpackEncoder(),
    head: newHead(newFieldList(limits.headerList)),
    block: { stream: 0, endStream: false, bytes: noBytes, length: 0, continuations: 0 },
    streams: new Map(),
    lastStream: 0,
    dataStream: undefined,
    sendWindow: defaultWindow,
    received,
    waiting: new Set(),
    resetStreams: new Set(),
    forgotten: 0,
    goAwaySent: Number.POSITIVE_INFINITY,
    goAwayReceived: Number.POSITIVE_INFINITY,
    announced: false,
    finished: false,
    dead: false,
  }
}
