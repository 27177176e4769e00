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
import { preface } from './preface.ts'
import { newReceiveWindow, type ReceiveWindow } from './receive-window.ts'
import { defaultWindow, initialPeerSettings, type PeerSettings } from './settings.ts'
import type { StreamState } from './stream.ts'
import type { WindowBudget } from './window-budget.ts'

/** The side of a connection that an endpoint is. */
export type Role = 'server' | 'client'

/** A header block whose last frame was not received yet: RFC 9113, section 4.3. */
interface OpenBlock {
  /** Its stream; 0: no block is open. */
  stream: number
  endStream: boolean
  bytes: Buffer
  length: number
  continuations: number
}

/** The state of one HTTP/2 connection. */
export interface ConnectionState<User> {
  readonly role: Role
  readonly limits: Http2Limits
  readonly events: Http2Events<User>
  /** Requests may have the :protocol pseudo-field: RFC 8441. */
  readonly extendedConnect: boolean
  readonly peer: PeerSettings
  readonly budgets: Budgets
  readonly reader: FrameReader
  /** Bytes of the client's preface that were not received yet. */
  prefaceLeft: number
  /** The first SETTINGS of the peer was received; the peer acknowledged our SETTINGS. */
  settingsRead: boolean
  acknowledged: boolean
  readonly output: ByteBuffer
  /** The memory of the output that was taken last. */
  lent: Buffer | undefined
  readonly decoder: HpackDecoder
  readonly encoder: HpackEncoder
  readonly head: Http2Head
  readonly block: OpenBlock
  /** Open streams. The client opens all of them, since push is disabled. */
  readonly streams: Map<number, StreamState<User>>
  /** The highest stream identifier in use so far; streams above it are idle. */
  lastStream: number
  /** Identifiers below `lastStream` that the client never used: first and last of the most recent gaps. */
  readonly gaps: number[]
  /** The highest stream identifier whose frames were taken from the output, and the one before the last output was taken. */
  lastTaken: number
  takenBefore: number
  /** The peer takes no more output: what is taken from now on is sent to nobody. */
  outputFailed: boolean
  /** The stream of the DATA frame that is being read. */
  dataStream: StreamState<User> | undefined
  sendWindow: number
  readonly received: ReceiveWindow
  /** Bytes that the peer may have sent, and may send, on all streams: their windows, and what is unread of closed ones. */
  promised: number
  readonly windowBudget: WindowBudget | undefined
  /** Streams that have queued data and an open window, in round-robin order. */
  readonly waiting: Set<StreamState<User>>
  /** Streams that this side reset recently: frames for them may still be in flight. Older identifiers are covered by
   * `forgotten`: the highest identifier that was dropped from the set. */
  readonly resetStreams: Set<number>
  forgotten: number
  /** The last stream identifier in the GOAWAY frames sent and received; Infinity: none yet. */
  goAwaySent: number
  goAwayReceived: number
  /** The final GOAWAY was sent: no further stream is taken. */
  lastAnnounced: boolean
  /** PINGs behind the first GOAWAY of a graceful shutdown that are not acknowledged yet, sent or not. */
  announcements: number
  finished: boolean
  /** The connection has ended: nothing more is read or sent. */
  dead: boolean
}

/** Options of a connection. */
export interface Http2Options<User> {
  readonly role: Role
  readonly limits: Http2Limits
  readonly events: Http2Events<User>
  /** Server: accept extended CONNECT (RFC 8441). Default: false. */
  readonly extendedConnect?: boolean
  /**
   * Shared by several connections, whose windows then start at the default size and grow with the data that is
   * consumed. Default: the window is that of `limits.unread` from the start.
   */
  readonly windowBudget?: WindowBudget
}

/** The buffer of `block` while no header block is open. */
export const noBytes = Buffer.alloc(0)

/** The state of a new connection. */
export function newConnectionState<User>({
  role,
  limits,
  events,
  extendedConnect = false,
  windowBudget,
}: Http2Options<User>): ConnectionState<User> {
  const unread = windowBudget === undefined ? limits.unread : defaultWindow
  const received = newReceiveWindow(Math.max(unread, defaultWindow))
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
    gaps: [],
    lastTaken: 0,
    takenBefore: 0,
    outputFailed: false,
    dataStream: undefined,
    sendWindow: defaultWindow,
    received,
    promised: 0,
    windowBudget,
    waiting: new Set(),
    resetStreams: new Set(),
    forgotten: 0,
    goAwaySent: Number.POSITIVE_INFINITY,
    goAwayReceived: Number.POSITIVE_INFINITY,
    lastAnnounced: false,
    announcements: 0,
    finished: false,
    dead: false,
  }
}
