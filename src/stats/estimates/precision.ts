import { upperGamma } from '../distributions/gamma.ts'
import { normalQuantile } from '../distributions/normal.ts'
import { root } from '../distributions/root.ts'
import { studentQuantile } from '../distributions/student-t.ts'
import type { Summary } from './summary.ts'

/** Sequential stopping never looks before this many blocks: earlier looks let false alarms rise to 9 %. */
const leastBlocks = 8

/** Half the width of a ratio's interval, as a fraction: 0.02 is ± 2 %. */
export function halfWidth({ low, high }: Pick<Summary, 'low' | 'high'>): number {
  return Math.sqrt(high / low) - 1
}

/** When a session of blocks may end. */
export interface StopRule {
  /** Half-width that is wanted, as a fraction. */
  readonly precision: number
  /** At least 8 blocks, or as many as were planned if that is fewer. */
  readonly minBlocks?: number
  readonly maxBlocks: number
  readonly maxSeconds?: number
}

/** How far a session has come. */
export interface Progress {
  readonly blocks: number
  /** The widest half-width over all comparisons that the session is about. */
  readonly halfWidth: number
  readonly elapsedSeconds: number
  /** What one more block is expected to take. */
  readonly secondsPerBlock: number
}

/**
 * Whether to stop after this block, and why; undefined to go on. Looks at the width only, never at p:
 * stopping as soon as p falls below 0.05 raises false alarms from 5 to 23 %.
 */
export function stopReason(
  {
    precision,
    minBlocks = leastBlocks,
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

/** How many pairs a precision will take. */
export interface PairsNeeded {
  /** If the pairs stay as noisy as they were. */
  readonly expected: number
  /** If they are as noisy as these few could hide: the upper 80 % bound of their spread. */
  readonly atMost: number
}

/**
 * How many pairs it takes until the interval's half-width is `precision`, from the spread (SD of the
 * log-ratios) of the first `n` pairs.
 *
 * @throws {RangeError} precision is not above 0, or n is below 2.
 */
export function pairsNeeded(
  spread: number,
  { n, precision, confidence = 0.95 }: { n: number; precision: number; confidence?: number },
): PairsNeeded {
  if (!(precision > 0)) throw new RangeError(`a precision is above 0, not ${precision}`)
  if (n < 2) throw new RangeError(`a spread needs 2 pairs, not ${n}`)
  const need = (sd: number) => {
    let pairs = 2
    const wide = () => studentQuantile((1 + confidence) / 2, pairs - 1) * (sd / Math.sqrt(pairs))
    while (wide() > Math.log1p(precision) && pairs < mostPairs) pairs = Math.ceil(pairs * 1.02)
    return Math.max(leastBlocks, pairs)
  }
  return { expected: need(spread), atMost: need(spread * spreadCeiling(n - 1)) }
}

/** Beyond this a prediction only says "far too many". */
const mostPairs = 100_000

/** How many times what was seen the true standard deviation may be, with 80 % confidence (χ²). */
function spreadCeiling(df: number): number {
  const chi = root((x) => 1 - upperGamma(df / 2, x / 2) - 0.2, 1e-9, df)
  return Math.sqrt(df / chi)
}

/**
 * How many pairs it takes to find a relative change of `effect` with the given power, from the spread of
 * the pairs' log-ratios.
 *
 * Source: Guenther, The American Statistician 35(4), 1981: the normal formula plus z²/2 for the t test.
 */
export function pairsToFind(
  effect: number,
  {
    spread,
    power = 0.9,
    confidence = 0.95,
  }: { spread: number; power?: number; confidence?: number },
): number {
  const z = normalQuantile((1 + confidence) / 2)
  const ratio = (z + normalQuantile(power)) * (spread / Math.abs(Math.log1p(effect)))
  return Math.ceil(ratio ** 2 + z ** 2 / 2)
}

/** The least relative change that `n` pairs of this spread find with the given power. */
export function effectFound(
  n: number,
  {
    spread,
    power = 0.9,
    confidence = 0.95,
  }: { spread: number; power?: number; confidence?: number },
): number {
  const z = normalQuantile((1 + confidence) / 2)
  const left = n - z ** 2 / 2
  if (left <= 0) return Number.POSITIVE_INFINITY
  return Math.expm1(((z + normalQuantile(power)) * spread) / Math.sqrt(left))
}
