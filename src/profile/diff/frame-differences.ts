import { studentAbove, studentQuantile } from '../../stats/distributions/student-t.ts'
import { moderatedVariances } from '../../stats/estimates/moderated-variances.ts'
import { mean, standardDeviation } from '../../stats/estimates/moments.ts'
import { meanInterval } from '../../stats/estimates/student-interval.ts'
import { benjaminiHochberg } from '../../stats/tests/adjust.ts'
import { minPairs } from '../../stats/tests/comparison.ts'
import type { Frame } from '../profile.ts'
import type { FramePair } from './frame-pair.ts'

/** Head − base, per request, with its confidence interval. */
export interface Difference {
  readonly center: number
  readonly low: number
  readonly high: number
}

/** One frame in two arms. Costs per request: µs of CPU, or bytes. */
export interface FrameDifference {
  readonly frame: Frame
  /** Mean cost of the function itself. */
  readonly base: number
  readonly head: number
  readonly self: Difference
  /** The same of the function and all that it calls; not tested. */
  readonly total: Difference
  /** Two-sided p of the moderated t test of `self`, adjusted for all frames that were tested (Benjamini–Hochberg). */
  readonly p: number
  /** `worse`: it costs more in the head. `inconclusive`: these trials do not decide. `too few trials`: so few cannot. */
  readonly outcome: 'better' | 'worse' | 'inconclusive' | 'too few trials'
}

/**
 * A frame is tested if it has this part of the cost of all frames, by both arms together: a rule that does not know the
 * difference, so that it favours neither. Rarer frames would only raise the threshold of the others.
 */
const minShare = 0.005

/**
 * The differences of the frames by their keys. Each test is a paired t test, one value a trial, whose variance is drawn
 * towards those of frames of its cost: a few pairs tell little of the noise of one frame, but all frames together tell
 * how large the noise of sampling is.
 */
export function frameDifferences(
  pairs: readonly FramePair[],
  confidence: number,
): Map<string, FrameDifference> {
  const measured = framesOf(pairs)
  const { variances, df } = moderatedVariances(
    measured.map(({ base, head, self }) => ({
      size: (base + head) / 2,
      variance: standardDeviation(self) ** 2,
    })),
    pairs.length - 1,
  )
  const reach = studentQuantile((1 + confidence) / 2, df)
  const tested = measured.map(({ self, total, ...one }, i) => {
    const center = mean(self)
    const error = Math.sqrt((variances[i] as number) / pairs.length)
    const { low, high, center: middle } = meanInterval(total, confidence)
    return {
      ...one,
      self: { center, low: center - reach * error, high: center + reach * error },
      total: { center: middle, low, high },
      p: pOf(center, error, df),
    }
  })
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p))
  const isDecidable = pairs.length >= minPairs(confidence)
  return new Map(
    tested.map(({ key, ...one }, i): [string, FrameDifference] => {
      const p = adjusted[i] as number
      const direction = one.self.center > 0 ? 'worse' : 'better'
      const decided = p <= 1 - confidence ? direction : 'inconclusive'
      return [key, { ...one, p, outcome: isDecidable ? decided : 'too few trials' }]
    }),
  )
}

/** The frames that are tested, with a difference for each pair. */
function framesOf(pairs: readonly FramePair[]) {
  const sides = pairs.flatMap(({ base, head }) => [base, head])
  const floor = minShare * mean(sides.map(({ perRequest }) => perRequest))
  const known = new Map(sides.flatMap(({ frames }) => [...frames]))
  return [...known].flatMap(([key, { frame }]) => {
    const values = (side: keyof FramePair, part: 'self' | 'total') =>
      pairs.map((pair) => pair[side].frames.get(key)?.[part] ?? 0)
    const differences = (part: 'self' | 'total') => {
      const heads = values('head', part)
      return values('base', part).map((base, i) => (heads[i] as number) - base)
    }
    const [base, head] = [mean(values('base', 'self')), mean(values('head', 'self'))]
    if ((base + head) / 2 < floor) return []
    return [{ key, frame, base, head, self: differences('self'), total: differences('total') }]
  })
}

function pOf(center: number, error: number, df: number): number {
  if (error === 0) return center === 0 ? 1 : 0
  return 2 * studentAbove(Math.abs(center) / error, df)
}
