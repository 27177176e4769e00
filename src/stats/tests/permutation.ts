import { mean } from '../estimates/moments.ts'

/** How near two outcomes must be to be a tie but for rounding, which counts as as extreme. */
function tie(observed: number, values: readonly number[]): number {
  const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Math.max(1e-9 * Math.abs(observed), 1e-12 * greatest)
}

/** Most rearrangements that are enumerated: a second or two. */
const mostRearrangements = 2 ** 24

/**
 * Whether two independent samples differ in their mean: the share of all ways to split the values in
 * two that give a difference as great.
 *
 * Source: Fisher, The Design of Experiments, 1935; Pitman, 1937.
 *
 * @throws {RangeError} there are more than 2²⁴ ways.
 */
export function permutationTest(x: readonly number[], y: readonly number[]) {
  const all = [...x, ...y]
  const total = all.reduce((sum, value) => sum + value, 0)
  const difference = (sum: number) => sum / x.length - (total - sum) / y.length
  refuse(choose(all.length, x.length))
  const observed = mean(x) - mean(y)
  const margin = tie(observed, all)
  let [count, greater, farther] = [0, 0, 0]
  sumsOfSize(all, x.length, (sum) => {
    const found = difference(sum)
    count++
    if (found >= observed - margin) greater++
    if (Math.abs(found) >= Math.abs(observed) - margin) farther++
  })
  return { observed, count, twoSided: farther / count, greater: greater / count }
}

/**
 * Whether paired differences lie around 0: the share of all ways to set their signs that give a mean as
 * far from it.
 *
 * Source: Fisher, The Design of Experiments, 1935, section 21.
 *
 * @throws {RangeError} there are more than 24 differences.
 */
export function signFlipTest(differences: readonly number[]): { observed: number; p: number } {
  const ways = 2 ** differences.length
  refuse(ways)
  const observed = mean(differences)
  const least = (Math.abs(observed) - tie(observed, differences)) * differences.length
  let farther = 0
  for (let signs = 0; signs < ways; signs++) {
    let sum = 0
    for (let i = 0; i < differences.length; i++) {
      sum += (signs >> i) & 1 ? (differences[i] as number) : -(differences[i] as number)
    }
    if (Math.abs(sum) >= least) farther++
  }
  return { observed, p: farther / ways }
}

function refuse(ways: number): void {
  if (ways <= mostRearrangements) return
  throw new RangeError(`${ways} rearrangements are too many to enumerate`)
}

function choose(n: number, k: number): number {
  let ways = 1
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i
  return Math.round(ways)
}

/** Calls `visit` with the sum of each way to take `size` of `values`. */
function sumsOfSize(values: readonly number[], size: number, visit: (sum: number) => void): void {
  const take = (from: number, left: number, sum: number): void => {
    if (left === 0) visit(sum)
    for (let i = from; left > 0 && i <= values.length - left; i++) {
      take(i + 1, left - 1, sum + (values[i] as number))
    }
  }
  take(0, size, 0)
}
