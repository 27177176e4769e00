import { root } from '../numeric/root.ts'
import { upperGamma } from './gamma.ts'

/** P(Z > z) of the standard normal distribution; exact also in the far tail. */
export function normalAbove(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2
  return z >= 0 ? tail : 1 - tail
}

/** The p-quantile of the standard normal distribution, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p === 0.5) return 0
  const tail = Math.min(p, 1 - p)
  // Mill's ratio bounds the tail by exp(−z²/2)/2.
  const z = root((x) => normalAbove(x) - tail, 0, Math.sqrt(-2 * Math.log(2 * tail)) + 1)
  return p < 0.5 ? -z : z
}
