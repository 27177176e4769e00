import { mean } from '../estimates/moments.ts'

/** Differences below this are rounding errors: such an outcome is a tie, and counts as as extreme. */
function tieTolerance(observed: number, values: readonly number[]): number {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  return Math.max(1e-9 * Math.abs(observed), 1e-12 * largest)
}

/** Maximum number of rearrangements that are enumerated, which takes a second or two. */
const maxRearrangements = 2 ** 24

/**
 * Whether two independent samples differ in their mean: the fraction of all ways to split the values in
 * two that give a difference as large. Part of the library for its published test vectors.
 *
 * Source: Fisher, The Design of Experiments, 1935; Pitman, 1937.
 *
 * @throws {RangeError} there are more than 2²⁴ ways.
 */
export function permutationTest(x: readonly number[], y: readonly number[]) {
  const all = [...x, ...y]
  const total = all.reduce((sum, value) => sum + value, 0)
  const difference = (sum: number) => sum / x.length - (total - sum) / y.length
  checkEnumerable(choose(all.length, x.length))
  const observed = mean(x) - mean(y)
  const margin = tieTolerance(observed, all)
  let [count, greater, asExtreme] = [0, 0, 0]
  sumsOfSize(all, x.length, (sum) => {
    const found = difference(sum)
    count++
    if (found >= observed - margin) greater++
    if (Math.abs(found) >= Math.abs(observed) - margin) asExtreme++
  })
  return { observed, count, twoSided: asExtreme / count, greater: greater / count }
}

/**
 * Whether paired differences are centred on 0: the fraction of all ways to set their signs that give a mean as
 * far from it. Part of the library for its published test vectors.
 *
 * Source: Fisher, The Design of Experiments, 1935, section 21.
 *
 * @throws {RangeError} there are more than 24 differences.
 */
export function signFlipTest(differences: readonly number[]): { observed: number; p: number } {
  const ways = 2 ** differences.length
  checkEnumerable(ways)
  const observed = mean(differences)
  const minSum = (Math.abs(observed) - tieTolerance(observed, differences)) * differences.length
  let asExtreme = 0
  for (let signs = 0; signs < ways; signs++) {
    let sum = 0
    for (let i = 0; i < differences.length; i++) {
      sum += (signs >> i) & 1 ? (differences[i] as number) : -(differences[i] as number)
    }
    if (Math.abs(sum) >= minSum) asExtreme++
  }
  return { observed, p: asExtreme / ways }
}

function checkEnumerable(ways: number): void {
  if (ways <= maxRearrangements) return
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
