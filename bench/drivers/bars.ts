/** A ratio with its interval. */
export interface Ratio {
  readonly center: number
  readonly low: number
  readonly high: number
}

/** A ratio, or another figure, that must not exceed a maximum. */
export interface Bar {
  readonly name: string
  readonly max: number
  /** Undefined where it could not be measured. */
  readonly found: Ratio | undefined
  readonly unit?: string
}

/**
 * The bar as a row of a table: it is held, or not, where the whole interval says so, and otherwise undecided, with the side
 * that the estimate is on.
 */
export function barRow({ name, max, found, unit = '×' }: Bar): string {
  if (found === undefined) return `| ${name} | ${max} ${unit} | – | not measured |`
  const { center, low, high } = found
  const digits = center < 10 ? 2 : 0
  const [at, from, to] = [center, low, high].map((one) => one.toFixed(digits))
  return `| ${name} | ${max} ${unit} | ${at} (${from} to ${to}) | ${outcome(found, max)} |`
}

function outcome({ center, low, high }: Ratio, max: number): string {
  if (high <= max) return 'held'
  if (low > max) return 'not held'
  return center <= max ? 'undecided, the estimate holds it' : 'undecided, the estimate does not'
}
