import type { FrameHeader } from './frame-rules.ts'

/** The header of the frame that a header block started with. */
export interface BlockFrame extends FrameHeader {
  readonly endStream: boolean
}
