/** Types of frames: RFC 9113, section 6. */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

/** Flags of frames: RFC 9113, section 6. ACK shares its bit with END_STREAM. */
export const frameFlag = {
  endStream: 0x1,
  ack: 0x1,
  endHeaders: 0x4,
  padded: 0x8,
  priority: 0x20,
} as const

/** Bytes of a frame's header: RFC 9113, section 4.1. */
export const frameHeaderBytes = 9

/** The largest payload that every peer accepts: SETTINGS_MAX_FRAME_SIZE before any setting. */
export const defaultMaxFrameSize = 16_384

/** Stream identifiers, windows and their increments have 31 bits. */
export const max31Bits = 0x7fffffff
