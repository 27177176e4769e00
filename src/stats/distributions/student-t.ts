import { root } from '../numeric/root.ts'
import { incompleteBeta } from './beta.ts'

/** P(T > t) of Student's distribution with `df` degrees of freedom; exact also in the far tail. */
export function studentAbove(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2
  return t >= 0 ? tail : 1 - tail
}

/** Quantiles that were found before: every interval of a run asks for one of the same few. */
const known = new Map<string, number>()
const maxKnown = 1000

/** The t below which a value of Student's distribution lies with probability `p`, 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  const key = `${p} ${df}`
  const before = known.get(key)
  if (before !== undefined) return before
  if (known.size >= maxKnown) known.clear()
  const t = quantileOf(p, df)
  known.set(key, t)
  return t
}

function quantileOf(p: number, df: number): number {
  if (p === 0.5) return 0
  const tail = Math.min(p, 1 - p)
  let high = 2
  while (studentAbove(high, df) > tail) high *= 2
  const t = root((x) => studentAbove(x, df) - tail, 0, high)
  return p < 0.5 ? -t : t
}
