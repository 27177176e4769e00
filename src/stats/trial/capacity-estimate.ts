import { type EdgeEstimate, edgeEstimate } from '../regression/edge-estimate.ts'

/** The requests of a trial, and the fraction of them beyond the limit of each objective. */
export interface TrialEvidence {
  readonly requests: number
  readonly shares: readonly number[]
}

/** What one valid trial at a rate showed. */
export interface SeenTrial extends TrialEvidence {
  readonly rate: number
}

/** Options of an estimate. */
interface EstimateOptions {
  /** Fraction of the requests that may lie beyond the limit of each objective. */
  readonly allowed: readonly number[]
  /** Minimum half-width of the interval, as a fraction. */
  readonly resolution: number
}

/** Factor by which all trials on either side of a step lie from the limit. */
const clear = 3

/** Whether all trials at the lower bound are far below the limits, and all at the higher far beyond one: no estimate is needed. */
export function isStep(
  seen: readonly SeenTrial[],
  [low, high]: readonly [number, number],
  allowed: readonly number[],
): boolean {
  const excess = ({ shares }: SeenTrial) =>
    Math.max(...shares.map((share, i) => share / (allowed[i] as number)))
  const at = (wanted: number) => seen.filter(({ rate }) => rate === wanted).map(excess)
  const [below, beyond] = [at(low), at(high)]
  if (below.length === 0 || beyond.length === 0) return true
  return Math.max(...below) <= 1 / clear && Math.min(...beyond) >= clear
}

/** Confidence of the interval. Fractions of a few trials are skewed: at 98 % it holds the edge in 9 of 10 searches or more. */
const confidence = 0.98

/** The lowest edge of all objectives, from trials at rates around the bracket. */
export function capacityEstimate(
  seen: readonly SeenTrial[],
  bracket: number,
  { allowed, resolution }: EstimateOptions,
): EdgeEstimate | undefined {
  const found = allowed.map((share, i) => edgeNear(seen, { middle: bracket, share, i }))
  const known = found.filter((one) => one !== undefined)
  if (known.length === 0) return undefined
  const lowest = known.reduce((a, b) => (b.center < a.center ? b : a))
  // The warm-up of a trial hides a little of the queue that grows: no edge is known better than the bracket.
  return {
    ...lowest,
    low: Math.min(lowest.low, lowest.center / (1 + resolution)),
    high: Math.max(lowest.high, lowest.center * (1 + resolution)),
  }
}

/** The estimate from the trials around the edge; how far around follows from how steep it is. */
function edgeNear(
  seen: readonly SeenTrial[],
  { middle, share, i }: { readonly middle: number; readonly share: number; readonly i: number },
): EdgeEstimate | undefined {
  let at = { center: middle, slope: 16 }
  let found: EdgeEstimate | undefined
  for (let pass = 0; pass < 3; pass++) {
    const reach = Math.max(0.05, Math.min(0.3, 4 / at.slope))
    const near = seen
      .filter(({ rate }) => Math.abs(Math.log(rate / at.center)) <= reach)
      .map(({ rate, requests, shares }) => ({ rate, requests, share: shares[i] as number }))
    found = edgeEstimate(near, share, confidence) ?? found
    if (found === undefined) return undefined
    const limit = (rate: number) => Math.min(1.1 * at.center, Math.max(at.center / 1.1, rate))
    at = { center: limit(found.center), slope: found.slope }
  }
  return found
}
