/**
 * The root of `f` between `low` and `high`, to the last bits of a number.
 *
 * Source: Chandrupatla, Advances in Engineering Software 28, 1997: inverse quadratic interpolation where
 * it is safe, bisection where it is not.
 *
 * @throws {RangeError} `f` has the same sign at both ends.
 */
export function root(f: (x: number) => number, low: number, high: number): number {
  let [a, b, c] = [high, low, high]
  let [fa, fb, fc] = [f(a), f(b), f(high)]
  if (fa === 0) return a
  if (fb === 0) return b
  if (fa > 0 === fb > 0) throw new RangeError(`no root between ${low} and ${high}`)
  let step = 0.5
  for (let i = 0; i < 200; i++) {
    const x = a + step * (b - a)
    const fx = f(x)
    if (fx > 0 === fa > 0) [c, fc] = [a, fa]
    else [c, b, fc, fb] = [b, a, fb, fa]
    ;[a, fa] = [x, fx]
    const best = Math.abs(fa) < Math.abs(fb) ? a : b
    const minStep = (Number.EPSILON * Math.abs(best) + Number.MIN_VALUE) / Math.abs(b - a)
    if (minStep > 0.5 || fa === 0 || fb === 0) return best
    step = Math.min(1 - minStep, Math.max(minStep, interpolated([a, b, c], [fa, fb, fc])))
  }
  return a
}

type Three = readonly [number, number, number]

/** The fraction of the way from a to b of the next guess. */
function interpolated([a, b, c]: Three, [fa, fb, fc]: Three): number {
  const xi = (a - b) / (c - b)
  const phi = (fa - fb) / (fc - fb)
  if (phi * phi >= xi || (1 - phi) ** 2 >= 1 - xi) return 0.5
  const towardsB = (fa / (fb - fa)) * (fc / (fb - fc))
  return towardsB + ((((c - a) / (b - a)) * fa) / (fc - fa)) * (fb / (fc - fb))
}
