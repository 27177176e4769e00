import { studentQuantile } from '../distributions/student-t.ts'
import type { Level } from './plackett-burman.ts'

/** What a factor does to the response, as a difference of logarithms: alternative less default. */
export interface MainEffect {
  readonly center: number
  readonly low: number
  readonly high: number
  /** Whether the interval leaves out 0. */
  readonly isMoved: boolean
}

/**
 * The main effect of each factor of a two-level plan, from the logarithm of a response in each run of each complete block.
 * The noise is the spread of the runs between blocks once the mean of each block is taken out, with (blocks − 1) × (runs − 1)
 * degrees of freedom; interactions of factors are taken for none (Box, Hunter and Hunter, Statistics for Experimenters,
 * 2005, chapters 5 and 7).
 *
 * @param responses by block, then by run
 * @throws {RangeError} fewer than 2 blocks
 */
export function mainEffects(
  plan: readonly (readonly Level[])[],
  responses: readonly (readonly number[])[],
  confidence = 0.95,
): MainEffect[] {
  const [blocks, runs] = [responses.length, plan.length]
  if (blocks < 2) throw new RangeError(`main effects need 2 blocks, not ${blocks}`)
  const centred = responses.map((block) => {
    const mean = meanOf(block)
    return block.map((value) => value - mean)
  })
  const ofRuns = plan.map((_, run) => meanOf(centred.map((block) => block[run] as number)))
  const squares = centred.flatMap((block) =>
    block.map((value, run) => (value - (ofRuns[run] as number)) ** 2),
  )
  const freedom = (blocks - 1) * (runs - 1)
  const variance = squares.reduce((sum, square) => sum + square, 0) / freedom
  const t = studentQuantile(1 - (1 - confidence) / 2, freedom)
  const halfWidth = t * Math.sqrt((4 * variance) / (runs * blocks))
  return (plan[0] ?? []).map((_, factor) => {
    const at = (level: Level) => meanOf(ofRuns.filter((_, run) => plan[run]?.[factor] === level))
    const center = at(1) - at(-1)
    const [low, high] = [center - halfWidth, center + halfWidth]
    return { center, low, high, isMoved: low > 0 || high < 0 }
  })
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
