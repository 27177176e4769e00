import { exp, log } from '../../kit/portable-math.ts'

/** Lanczos' coefficients for g = 7, n = 9 (Godfrey's set): relative error of Γ below 1e-14. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
]

/** ln Γ(x), x > 0. Source: Lanczos, SIAM J. Numer. Anal. B 1, 1964. */
export function logGamma(x: number): number {
  // Reflection: the series is only good from ½ up.
  if (x < 0.5) return log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const base = x + 6.5
  const series = lanczos.reduce((sum, c, i) => (i === 0 ? c : sum + c / (x - 1 + i)), 0)
  return log(2 * Math.PI) / 2 + (x - 0.5) * log(base) - base + log(series)
}

/** Regularised upper incomplete gamma function Q(a, x), a > 0, x ≥ 0. Source: DLMF 8.9.2 and 8.11.4. */
export function upperGamma(a: number, x: number): number {
  if (x === 0) return 1
  const factor = exp(a * log(x) - x - logGamma(a))
  return x < a + 1 ? 1 - factor * lowerSeries(a, x) : factor * upperFraction(a, x)
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; Math.abs(term) > sum * Number.EPSILON; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** The continued fraction, by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = Number.POSITIVE_INFINITY
  let d = 1 / b
  let product = d
  for (let n = 1; n < 10_000; n++) {
    const numerator = -n * (n - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    product *= c * d
    if (Math.abs(c * d - 1) < Number.EPSILON) break
  }
  return product
}
