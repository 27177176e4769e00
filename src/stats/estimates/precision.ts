import { upperGamma } from '../distributions/gamma.ts'
import { studentQuantile } from '../distributions/student-t.ts'
import { root } from '../numeric/root.ts'
import type { Summary } from './summary.ts'

/** Minimum number of blocks before a session may stop: earlier stopping raises false alarms to 9 %. */
const defaultMinBlocks = 8

/** Half the width of a ratio's interval, as a fraction: 0.02 is ± 2 %. */
export function halfWidth({ low, high }: Pick<Summary, 'low' | 'high'>): number {
  return Math.sqrt(high / low) - 1
}

/** When a session of blocks may stop. */
export interface StopRule {
  /** Required half-width, as a fraction. */
  readonly precision: number
  /** 8 by default. */
  readonly minBlocks?: number
  readonly maxBlocks: number
  readonly maxSeconds?: number
}

/** The progress of a session. */
export interface Progress {
  readonly blocks: number
  /** The maximum half-width over all comparisons of the session. */
  readonly halfWidth: number
  readonly elapsedSeconds: number
  /** Expected time of one more block. */
  readonly secondsPerBlock: number
}

/**
 * Why to stop after this block; undefined to continue. Depends on the width only, never on p:
 * stopping as soon as p falls below 0.05 raises false alarms from 5 to 23 %.
 */
export function stopReason(
  {
    precision,
    minBlocks = defaultMinBlocks,
    maxBlocks,
    maxSeconds = Number.POSITIVE_INFINITY,
  }: StopRule,
  progress: Progress,
): 'precision' | 'blocks' | 'time' | undefined {
  if (progress.blocks >= minBlocks && progress.halfWidth <= precision) return 'precision'
  if (progress.blocks >= maxBlocks) return 'blocks'
  if (progress.elapsedSeconds + progress.secondsPerBlock > maxSeconds) return 'time'
  return undefined
}

/** The number of pairs that a precision requires. */
export interface PairsNeeded {
  /** If the spread stays as it was. */
  readonly expected: number
  /** If the spread is at the upper 80 % bound of its estimate. */
  readonly atMost: number
}

/**
 * The number of pairs until the half-width of the interval is `precision`, from the spread (standard deviation of the
 * log-ratios) of the first `n` pairs.
 *
 * @throws {RangeError} precision is not above 0, or n is below 2.
 */
export function pairsNeeded(
  spread: number,
  { n, precision, confidence = 0.95 }: { n: number; precision: number; confidence?: number },
): PairsNeeded {
  if (!(precision > 0)) throw new RangeError(`a precision must be above 0, not ${precision}`)
  if (n < 2) throw new RangeError(`a spread needs at least 2 pairs, not ${n}`)
  const pairsAt = (sd: number) => {
    let pairs = 2
    const width = () => studentQuantile((1 + confidence) / 2, pairs - 1) * (sd / Math.sqrt(pairs))
    while (width() > Math.log1p(precision) && pairs < maxPairs) pairs = Math.ceil(pairs * 1.02)
    return Math.max(defaultMinBlocks, pairs)
  }
  return { expected: pairsAt(spread), atMost: pairsAt(spread * spreadCeiling(n - 1)) }
}

/** Predictions end here: more is far too many in any case. */
const maxPairs = 100_000

/** The upper 80 % bound of a standard deviation, as a multiple of its estimate (χ²). */
function spreadCeiling(df: number): number {
  const chi = root((x) => 1 - upperGamma(df / 2, x / 2) - 0.2, 1e-9, df)
  return Math.sqrt(df / chi)
}
