/**
 * Whether two independent samples come from one distribution, each given as the numbers of its values in the same
 * rising classes: `d`, the maximum distance of their cumulative distributions, and the asymptotic probability of one as
 * large. Values of one class are ties, which make the probability conservative. NaN and 1 where a sample is empty.
 *
 * Source: Stephens, Journal of the Royal Statistical Society B 32(1), 1970, for the correction of small samples.
 */
export function kolmogorovSmirnovOfCounts(
  x: readonly number[],
  y: readonly number[],
): { d: number; p: number } {
  const [m, n] = [sum(x), sum(y)]
  if (m === 0 || n === 0) return { d: Number.NaN, p: 1 }
  let [d, below, belowY] = [0, 0, 0]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    below += x[i] ?? 0
    belowY += y[i] ?? 0
    d = Math.max(d, Math.abs(below / m - belowY / n))
  }
  const root = Math.sqrt((m * n) / (m + n))
  return { d, p: beyond((root + 0.12 + 0.11 / root) * d) }
}

/** P(K > k) of Kolmogorov's distribution. */
function beyond(k: number): number {
  // Below, the series needs more terms than it has digits, and is 1.
  if (k < 0.2) return 1
  let total = 0
  for (let j = 1; j <= 20; j++) total += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * (j * k) ** 2)
  return Math.min(1, Math.max(0, total))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
