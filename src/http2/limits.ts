import { type Allowances, defaultAllowances } from './budget.ts'
import { defaultTableSize } from './hpack/decoder.ts'

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

/** Limits of one connection, which hold whatever its peer sends. Sizes are in bytes. */
export interface Http2Limits {
  /** Server: concurrent streams. SETTINGS_MAX_CONCURRENT_STREAMS. */
  readonly streams: number
  /** Size of a decoded header section, with 32 bytes for each field: SETTINGS_MAX_HEADER_LIST_SIZE. */
  readonly headerList: number
  /** Size of an encoded header block in all its frames. A larger one ends the connection. */
  readonly headerBlock: number
  /** Number of CONTINUATION frames of one header block. */
  readonly continuations: number
  /** Size of the dynamic table of the peer's encoder: SETTINGS_HEADER_TABLE_SIZE. */
  readonly headerTable: number
  /** Initial receive window of a stream: SETTINGS_INITIAL_WINDOW_SIZE. */
  readonly streamWindow: number
  /** Maximum receive window of a stream whose data is consumed as fast as it arrives. */
  readonly maxStreamWindow: number
  /** Unread data of all streams together, and the maximum receive window of the connection; 65,535 or more. */
  readonly unread: number
  /** Pending output beyond which data is queued with its stream. */
  readonly output: number
  /** Pending output beyond which `wantsRead` is false. */
  readonly blockedOutput: number
  /** Number of interim responses to one request. */
  readonly interim: number
  readonly allowances: Allowances
}

/** Limits for the public Internet. */
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
