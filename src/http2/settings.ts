import { errorCode } from './error-code.ts'
import { defaultMaxFrameSize, max31Bits } from './frame-type.ts'
import { defaultTableSize } from './hpack/decoder.ts'

/** Identifiers of settings: RFC 9113, section 6.5.2, and RFC 8441, section 3. */
export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
  enableConnectProtocol: 8,
} as const

/** The initial window of streams and connections before any SETTINGS, in bytes. */
export const defaultWindow = 65_535

/** The settings of the peer. */
export interface PeerSettings {
  headerTableSize: number
  /** The smallest table size in the last SETTINGS frame: RFC 7541, section 4.2. */
  smallestTableSize: number
  enablePush: number
  maxConcurrentStreams: number
  initialWindowSize: number
  maxFrameSize: number
  /** Advisory: bytes of a header section, with the overhead of its fields. */
  maxHeaderListSize: number
  enableConnectProtocol: number
}

/** The default settings of a peer. */
export function initialPeerSettings(): PeerSettings {
  return {
    headerTableSize: defaultTableSize,
    smallestTableSize: defaultTableSize,
    enablePush: 1,
    maxConcurrentStreams: Number.POSITIVE_INFINITY,
    initialWindowSize: defaultWindow,
    maxFrameSize: defaultMaxFrameSize,
    maxHeaderListSize: Number.POSITIVE_INFINITY,
    enableConnectProtocol: 0,
  }
}

/**
 * Reads the payload of a SETTINGS frame between two offsets into `peer`, in order: RFC 9113, section 6.5.
 *
 * @param byServer the peer is a server, which must not enable push
 * @returns the code of an error of the connection, or NO_ERROR
 */
export function readSettings(
  peer: PeerSettings,
  bytes: Buffer,
  { from, end, byServer }: { readonly from: number; readonly end: number; byServer: boolean },
): number {
  peer.smallestTableSize = peer.headerTableSize
  for (let at = from; at < end; at += 6) {
    const identifier = bytes.readUInt16BE(at)
    const value = bytes.readUInt32BE(at + 2)
    const error = valueError(peer, { identifier, value, byServer })
    if (error !== errorCode.noError) return error
    apply(peer, identifier, value)
  }
  return errorCode.noError
}

function valueError(
  peer: PeerSettings,
  { identifier, value, byServer }: { identifier: number; value: number; byServer: boolean },
): number {
  const { noError, protocolError, flowControlError } = errorCode
  switch (identifier) {
    case setting.enablePush:
      return value > (byServer ? 0 : 1) ? protocolError : noError
    case setting.initialWindowSize:
      return value > max31Bits ? flowControlError : noError
    case setting.maxFrameSize:
      return value < defaultMaxFrameSize || value > 0xffffff ? protocolError : noError
    case setting.enableConnectProtocol:
      return value > 1 || value < peer.enableConnectProtocol ? protocolError : noError
    default:
      return noError
  }
}

/** Unknown settings are ignored. */
function apply(peer: PeerSettings, identifier: number, value: number): void {
  if (identifier === setting.headerTableSize) {
    peer.headerTableSize = value
    peer.smallestTableSize = Math.min(peer.smallestTableSize, value)
  } else if (identifier === setting.enablePush) peer.enablePush = value
  else if (identifier === setting.maxConcurrentStreams) peer.maxConcurrentStreams = value
  else if (identifier === setting.initialWindowSize) peer.initialWindowSize = value
  else if (identifier === setting.maxFrameSize) peer.maxFrameSize = value
  else if (identifier === setting.maxHeaderListSize) peer.maxHeaderListSize = value
  else if (identifier === setting.enableConnectProtocol) peer.enableConnectProtocol = value
}
