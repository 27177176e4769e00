import { root } from '../numeric/root.ts'

/** From here on the asymptotic series are exact to 1e-13. */
const large = 10

/** ψ(x), the derivative of ln Γ, x > 0. Source: DLMF 5.5.2 and 5.11.2. */
export function digamma(x: number): number {
  let [sum, at] = [0, x]
  for (; at < large; at++) sum -= 1 / at
  const y = 1 / at ** 2
  const series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132)))))
  return sum + Math.log(at) - 1 / (2 * at) - series
}

/** ψ′(x), x > 0. Source: the derivatives of DLMF 5.5.2 and 5.11.2. */
export function trigamma(x: number): number {
  let [sum, at] = [0, x]
  for (; at < large; at++) sum += 1 / at ** 2
  const y = 1 / at ** 2
  const series = y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * (5 / 66)))))
  return sum + (1 + 1 / (2 * at) + series) / at
}

/** The x with ψ′(x) = y, y > 0. ψ′ lies between 1 / x and 1 / x + 1 / x². */
export function inverseTrigamma(y: number): number {
  const high = (1 + Math.sqrt(1 + 4 * y)) / (2 * y)
  return root((x) => trigamma(x) - y, 1 / y, high)
}
