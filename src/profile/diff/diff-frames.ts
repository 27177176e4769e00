import { mean } from '../../stats/estimates/moments.ts'
import { meanInterval, studentP } from '../../stats/estimates/student-interval.ts'
import { benjaminiHochberg } from '../../stats/tests/adjust.ts'
import { minPairs } from '../../stats/tests/comparison.ts'
import type { Frame } from '../profile.ts'
import type { FrameCosts } from './frame-costs.ts'

/** The profiles of two arms in one block. */
export interface FramePair {
  readonly base: FrameCosts
  readonly head: FrameCosts
}

/** Head − base, per request, with its confidence interval. */
interface Difference {
  readonly center: number
  readonly low: number
  readonly high: number
}

/** One frame in two arms. Costs per request: µs of CPU, or bytes. */
interface FrameDifference {
  readonly frame: Frame
  /** Mean cost of the function itself. */
  readonly base: number
  readonly head: number
  readonly self: Difference
  /** The same of the function and all that it calls; not tested. */
  readonly total: Difference
  /** Two-sided p of the paired t test of `self`, adjusted for all frames that were tested (Benjamini–Hochberg). */
  readonly p: number
  /** `worse`: it costs more in the head. `inconclusive`: these trials do not decide. `too few trials`: so few cannot. */
  readonly outcome: 'better' | 'worse' | 'inconclusive' | 'too few trials'
}

/** The frames that were tested, those with the largest difference first. */
export interface FrameDiff {
  /** Blocks in which both arms have a profile. */
  readonly pairs: number
  readonly confidence: number
  /** Difference of the cost of all frames. Undefined below 2 pairs. */
  readonly perRequest: Difference | undefined
  readonly frames: readonly FrameDifference[]
}

/**
 * A frame is tested if it has this part of the cost of all frames, by both arms together: a rule that does not know the
 * difference, so that it favours neither. Rarer frames would only raise the threshold of the others.
 */
const minShare = 0.005

/**
 * Compares two arms frame by frame: one value a trial, paired by block, so that drift of the host enters no difference. Of
 * the frames that are called better or worse, 5 % at most are expected to be false (false discovery rate); where both arms
 * are the same, one run in 20 has any.
 */
export function diffFrames(pairs: readonly FramePair[], { confidence = 0.95 } = {}): FrameDiff {
  if (pairs.length < 2)
    return { pairs: pairs.length, confidence, perRequest: undefined, frames: [] }
  const floor =
    minShare * mean(pairs.flatMap(({ base, head }) => [base.perRequest, head.perRequest]))
  const known = new Map(
    pairs
      .flatMap(({ base, head }) => [...base.frames, ...head.frames])
      .map(([key, one]) => [key, one]),
  )
  const interval = (values: readonly number[]): Difference => {
    const { center, low, high } = meanInterval(values, confidence)
    return { center, low, high }
  }
  const tested = [...known].flatMap(([key, { frame }]) => {
    const values = (side: keyof FramePair, part: 'self' | 'total') =>
      pairs.map((pair) => pair[side].frames.get(key)?.[part] ?? 0)
    const differences = (part: 'self' | 'total') => {
      const heads = values('head', part)
      return values('base', part).map((base, i) => (heads[i] as number) - base)
    }
    const [base, head] = [mean(values('base', 'self')), mean(values('head', 'self'))]
    if ((base + head) / 2 < floor) return []
    const self = differences('self')
    return [
      {
        frame,
        base,
        head,
        self: interval(self),
        total: interval(differences('total')),
        p: studentP(self),
      },
    ]
  })
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p))
  const decidable = pairs.length >= minPairs(confidence)
  const frames = tested.map((one, i): FrameDifference => {
    const p = adjusted[i] as number
    const isFound = p <= 1 - confidence
    const direction = one.self.center > 0 ? 'worse' : 'better'
    const outcome = decidable ? (isFound ? direction : 'inconclusive') : 'too few trials'
    return { ...one, p, outcome }
  })
  return {
    pairs: pairs.length,
    confidence,
    perRequest: interval(pairs.map(({ base, head }) => head.perRequest - base.perRequest)),
    frames: frames.toSorted((a, b) => Math.abs(b.self.center) - Math.abs(a.self.center)),
  }
}
