import { meanInterval } from '../../stats/estimates/student-interval.ts'
import { type Difference, type FrameDifference, frameDifferences } from './frame-differences.ts'
import type { FramePair } from './frame-pair.ts'
import { type FrameChoice, middleFrames, scaledPairs, shareOf } from './scaled-pairs.ts'

/** The frames that were tested, those with the largest difference first. */
export interface FrameDiff {
  /** Blocks in which both arms have a profile. */
  readonly pairs: number
  readonly confidence: number
  /** Difference of the cost of all frames, with the speed of the host in it. Undefined below 2 pairs. */
  readonly perRequest: Difference | undefined
  readonly frames: readonly FrameDifference[]
}

/** How two arms are compared. */
interface DiffOptions {
  readonly confidence?: number
  /**
   * Whether the costs depend on the speed of the host, as CPU time does, and bytes do not. They are then compared with those
   * of the frames that do not differ, in the same trial.
   */
  readonly scaled: boolean
}

/** Times that the frames are tested: after each, those that differ are left out of the scale of the next. */
const rounds = 3

/** The part of the cost that frames must have to be the scale of the others. */
const minScale = 0.5

/**
 * Compares two arms frame by frame: one value a trial, paired by block, so that drift of the host enters no difference. Of
 * the frames that are called better or worse, 5 % at most are expected to be false (false discovery rate); where both arms
 * are the same, one simulated run in 10 to 20 has any, the more the fewer samples there are.
 */
export function diffFrames(
  pairs: readonly FramePair[],
  { confidence = 0.95, scaled }: DiffOptions,
): FrameDiff {
  if (pairs.length < 2)
    return { pairs: pairs.length, confidence, perRequest: undefined, frames: [] }
  const tested = scaled
    ? scaledDifferences(pairs, confidence)
    : frameDifferences(pairs, confidence).values()
  const all = pairs.map(({ base, head }) => head.perRequest - base.perRequest)
  const { center, low, high } = meanInterval(all, confidence)
  return {
    pairs: pairs.length,
    confidence,
    perRequest: { center, low, high },
    frames: [...tested].toSorted((a, b) => Math.abs(b.self.center) - Math.abs(a.self.center)),
  }
}

/**
 * The differences beside those of the frames that do not differ, which are found in rounds: a frame that costs more must not
 * make the others look as if they cost less.
 *
 * Source: the rounds are those of DEGES, Kadota, Nishiyama and Shimizu, Algorithms for Molecular Biology 7:5, 2012.
 */
function scaledDifferences(pairs: readonly FramePair[], confidence: number): FrameDifference[] {
  let tested = frameDifferences(pairs, confidence)
  let isSteady: FrameChoice = middleFrames(pairs)
  for (let round = 0; round < rounds; round++) {
    const scaled = scaledPairs(pairs, isSteady)
    if (scaled === undefined) break
    tested = frameDifferences(scaled, confidence)
    const found = tested
    isSteady = (key) => !isDifferent(found.get(key))
    if (shareOf(pairs, isSteady) < minScale) break
  }
  return [...tested.values()]
}

function isDifferent(found: FrameDifference | undefined): boolean {
  return found?.outcome === 'better' || found?.outcome === 'worse'
}
