import type { FrameHeader } from './frame-rules.ts'

/** The header of the HEADERS frame that starts a header block. */
export interface BlockFrame extends FrameHeader {
  readonly endStream: boolean
}
