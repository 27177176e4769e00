import { preface } from '../../../http2/preface.ts'

/** The type of a SETTINGS frame, and the offsets in the header of a frame. */
const settingsType = 4
const frameHeader = { type: 3, flags: 4, stream: 5, bytes: 9 } as const

/**
 * Whether `bytes` from `from` on are how a client starts HTTP/2 with prior knowledge (RFC 9113, section 3.4):
 * the preface, and a SETTINGS frame behind it; `partly` while more bytes are needed.
 */
export function matchPreface(bytes: Buffer, from: number): 'no' | 'partly' | 'yes' {
  const have = Math.min(bytes.length - from, preface.length)
  if (!bytes.subarray(from, from + have).equals(preface.subarray(0, have))) return 'no'
  const frame = from + preface.length
  if (bytes.length < frame + frameHeader.bytes) return 'partly'
  const isSettings =
    bytes[frame + frameHeader.type] === settingsType &&
    bytes[frame + frameHeader.flags] === 0 &&
    bytes.readUInt32BE(frame + frameHeader.stream) === 0
  return isSettings ? 'yes' : 'no'
}
