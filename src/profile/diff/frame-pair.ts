import type { FrameCosts } from './frame-costs.ts'

/** The profiles of two arms in one block. */
export interface FramePair {
  readonly base: FrameCosts
  readonly head: FrameCosts
}
