import { type Allowances, defaultAllowances } from './budget.ts'
import { defaultTableSize } from './hpack/decoder.ts'

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

/** What one connection may take, whatever its peer does. Sizes are in bytes. */
export interface Http2Limits {
  /** Streams that a client may have open: SETTINGS_MAX_CONCURRENT_STREAMS. */
  readonly streams: number
  /** Of a header section, with 32 for each field: SETTINGS_MAX_HEADER_LIST_SIZE. */
  readonly headerList: number
  /** Of a header block as it comes, in all its frames. A longer one ends the connection. */
  readonly headerBlock: number
  /** CONTINUATION frames of one header block. */
  readonly continuations: number
  /** The table of the peer's encoder: SETTINGS_HEADER_TABLE_SIZE. */
  readonly headerTable: number
  /** What a stream may bring before any of it is consumed: SETTINGS_INITIAL_WINDOW_SIZE. */
  readonly streamWindow: number
  /** What that grows to while the stream is consumed as fast as it comes. */
  readonly maxStreamWindow: number
  /** What all streams together may have brought that was not consumed; 65,535 at least. */
  readonly unread: number
  /** Output beyond which data waits with its stream. */
  readonly output: number
  /** Output beyond which nothing should be read: see `wantsRead`. */
  readonly blockedOutput: number
  /** Interim responses to one request. */
  readonly interim: number
  readonly allowances: Allowances
}

/** Limits for any peer. */
export const defaultLimits: Http2Limits = {
  streams: 100,
  headerList: 64 * kibibyte,
  headerBlock: 128 * kibibyte,
  continuations: 64,
  headerTable: defaultTableSize,
  streamWindow: 256 * kibibyte,
  maxStreamWindow: 4 * mebibyte,
  unread: 8 * mebibyte,
  output: 64 * kibibyte,
  blockedOutput: 256 * kibibyte,
  interim: 100,
  allowances: defaultAllowances,
}
