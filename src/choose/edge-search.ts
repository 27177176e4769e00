/** Where a search begins, its bounds, and how near it comes. All above 0. */
interface EdgeOptions {
  readonly start: number
  readonly min: number
  readonly max: number
  /** Factor of the first step from the start; later steps are its square, and so on. */
  readonly step: number
  /** Relative width at which the search ends. */
  readonly tolerance: number
}

/** The edge; `above` where the condition holds at the maximum, `below` where it does not at the minimum. */
export type Edge = number | 'above' | 'below'

type Condition = (value: number) => boolean

/**
 * The value up to which a condition holds that holds below it and not above it. Steps away from the start that grow until the edge is
 * between two values, then halves their ratio. Of a condition with several edges, one of them.
 */
export function edgeOf(holds: Condition, options: EdgeOptions): Edge {
  const { start, min, max, step, tolerance } = options
  const from = Math.min(max, Math.max(min, start))
  if (holds(from)) {
    const bracket = stepAway((value) => !holds(value), { from, step, bound: max })
    return bracket === undefined ? 'above' : between(holds, ...bracket, tolerance)
  }
  const bracket = stepAway(holds, { from, step: 1 / step, bound: min })
  if (bracket === undefined) return 'below'
  const [high, low] = bracket
  return between(holds, low, high, tolerance)
}

/** The last value without the condition and the first one with it, in steps that grow up to the bound; undefined without one. */
function stepAway(
  isBeyond: Condition,
  { from, step, bound }: { readonly from: number; readonly step: number; readonly bound: number },
): [before: number, beyond: number] | undefined {
  const nearer = step > 1 ? Math.min : Math.max
  let before = from
  for (let factor = step; before !== bound; factor *= factor) {
    const value = nearer(bound, before * factor)
    if (isBeyond(value)) return [before, value]
    before = value
  }
  return undefined
}

/** Halves the ratio of two values around the edge. */
function between(holds: Condition, from: number, to: number, tolerance: number): number {
  let [low, high] = [from, to]
  while (high / low > 1 + tolerance) {
    const middle = Math.sqrt(low * high)
    if (holds(middle)) low = middle
    else high = middle
  }
  return Math.sqrt(low * high)
}
