import { errorCode } from './error-code.ts'
import { frameFlag, frameType } from './frame-type.ts'

/** The header of a frame: RFC 9113, section 4.1. */
export interface FrameHeader {
  /** Bytes of the payload. */
  length: number
  type: number
  flags: number
  stream: number
}

const { noError, protocolError, frameSizeError } = errorCode

/**
 * Checks the length and the stream identifier of a frame for connection errors: RFC 9113, sections 4.2 and 6. A
 * PRIORITY frame of the wrong length is a stream error and passes here.
 *
 * @returns the error code, or NO_ERROR
 */
export function frameError(frame: FrameHeader, maxFrameSize: number): number {
  if (frame.length > maxFrameSize) return frameSizeError
  switch (frame.type) {
    case frameType.data:
    case frameType.headers:
      return onStream(frame, frame.length >= leastLength(frame))
    case frameType.priority:
    case frameType.continuation:
      return onStream(frame, true)
    case frameType.rstStream:
      return onStream(frame, frame.length === 4)
    case frameType.settings:
      return onConnection(frame, settingsFit(frame))
    // Push is disabled: section 8.4.
    case frameType.pushPromise:
      return protocolError
    case frameType.ping:
      return onConnection(frame, frame.length === 8)
    case frameType.goAway:
      return onConnection(frame, frame.length >= 8)
    case frameType.windowUpdate:
      return frame.length === 4 ? noError : frameSizeError
    default:
      return noError
  }
}

function onStream({ stream }: FrameHeader, fits: boolean): number {
  if (stream === 0) return protocolError
  return fits ? noError : frameSizeError
}

function onConnection({ stream }: FrameHeader, fits: boolean): number {
  if (stream !== 0) return protocolError
  return fits ? noError : frameSizeError
}

/** An acknowledgement is empty; a setting has six bytes: section 6.5. */
function settingsFit({ flags, length }: FrameHeader): boolean {
  return (flags & frameFlag.ack) !== 0 ? length === 0 : length % 6 === 0
}

/** Bytes of the pad length and priority fields in front of the content. */
function leastLength({ type, flags }: FrameHeader): number {
  const padding = (flags & frameFlag.padded) !== 0 ? 1 : 0
  const priority = type === frameType.headers && (flags & frameFlag.priority) !== 0 ? 5 : 0
  return padding + priority
}
