/** A point of a curve: what was offered and what was achieved, in the same unit. */
export interface HingePoint {
  readonly offered: number
  readonly achieved: number
}

/** A curve that follows what is offered up to a knee, and a line of another slope beyond it. */
export interface Hinge {
  /** The offered value at the knee. */
  readonly knee: number
  /** Slope beyond it: 0 where the achieved value stays, below 0 where it falls. */
  readonly slope: number
  /** Weighted sum of the squared residuals. */
  readonly residual: number
}

/** Slope above which a line still follows what is offered. */
const maxSlope = 0.9

/** Knees that are tried on each pass, and passes, each around the best knee of the pass before. */
const [candidates, passes] = [60, 3]

/**
 * Fits `achieved = offered` up to a knee and `knee + slope · (offered − knee)` beyond it, by least squares with weights
 * 1 / offered, as counts vary. The knee is searched on a grid that narrows; the slope follows in closed form, at most 0.9.
 * Undefined for fewer than 8 points, or where no point is offered anything.
 *
 * Source: Hudson, Journal of the American Statistical Association 61, 1966: fitting segmented curves whose join points
 * have to be estimated.
 */
export function hinge(points: readonly HingePoint[]): Hinge | undefined {
  const used = points.filter(({ offered }) => offered > 0)
  if (used.length < 8) return undefined
  let [from, to] = [0, Math.max(...used.map(({ offered }) => offered))]
  let best = at(used, to)
  for (let pass = 0; pass < passes; pass++) {
    const step = (to - from) / candidates
    for (let i = 1; i <= candidates; i++) {
      const one = at(used, from + i * step)
      if (one.residual < best.residual) best = one
    }
    ;[from, to] = [Math.max(0, best.knee - step), best.knee + step]
  }
  return best
}

/** The best curve with its knee there. */
function at(points: readonly HingePoint[], knee: number): Hinge {
  let [cross, square] = [0, 0]
  for (const { offered, achieved } of points) {
    const beyond = offered - knee
    if (beyond <= 0) continue
    cross += (beyond * (achieved - knee)) / offered
    square += (beyond * beyond) / offered
  }
  const slope = square === 0 ? 0 : Math.min(maxSlope, cross / square)
  let residual = 0
  for (const { offered, achieved } of points) {
    const fitted = offered <= knee ? offered : knee + slope * (offered - knee)
    residual += (achieved - fitted) ** 2 / offered
  }
  return { knee, slope, residual }
}

/** Deleted blocks of the jackknife. */
const blocks = 12

/**
 * The standard error of the knee: a jackknife that leaves out one of 12 runs of neighbouring points after the other, since
 * neighbours depend on each other. Undefined where a curve cannot be fitted.
 *
 * Source: Künsch, Annals of Statistics 17(3), 1989: the jackknife for stationary observations.
 */
export function kneeError(points: readonly HingePoint[]): number | undefined {
  const length = points.length / blocks
  const knees: number[] = []
  for (let block = 0; block < blocks; block++) {
    const [from, to] = [Math.round(block * length), Math.round((block + 1) * length)]
    const found = hinge(points.filter((_, i) => i < from || i >= to))
    if (found === undefined) return undefined
    knees.push(found.knee)
  }
  const mean = knees.reduce((sum, one) => sum + one, 0) / blocks
  const squares = knees.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return Math.sqrt(((blocks - 1) / blocks) * squares)
}
