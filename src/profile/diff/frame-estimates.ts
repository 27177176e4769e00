import { type Summary, summarise } from '../../stats/estimates/summary.ts'
import type { Frame } from '../profile.ts'
import type { FrameCosts } from './frame-costs.ts'

/** The cost of one frame over the trials of an arm, per request: µs of CPU, or bytes. */
interface FrameEstimate {
  readonly frame: Frame
  readonly self: Summary
  readonly total: Summary
}

/** The estimates of an arm: of each frame, those with the highest cost of their own first, and of all frames together. */
export interface ArmEstimates {
  readonly perRequest: Summary
  readonly frames: readonly FrameEstimate[]
}

/**
 * The mean cost of each frame over trials, one value a trial, with its t interval. A frame that has no sample in a trial
 * costs 0 there.
 *
 * @throws {RangeError} there is no trial
 */
export function frameEstimates(trials: readonly FrameCosts[]): ArmEstimates {
  const summary = (values: readonly number[]) => summarise(values, { scale: 'difference' })
  const known = new Map(trials.flatMap(({ frames }) => [...frames]))
  const frames = [...known].map(([key, { frame }]) => {
    const values = (part: 'self' | 'total') => trials.map((one) => one.frames.get(key)?.[part] ?? 0)
    return { frame, self: summary(values('self')), total: summary(values('total')) }
  })
  return {
    perRequest: summary(trials.map(({ perRequest }) => perRequest)),
    frames: frames.toSorted((a, b) => b.self.center - a.self.center),
  }
}
