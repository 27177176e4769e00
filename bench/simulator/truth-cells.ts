import { simulate } from '../../src/simulator/simulate.ts'
import { meanInterval } from '../../src/stats/estimates/student-interval.ts'
import { quantileOf } from '../simulations/closed-forms.ts'
import type { TruthCase } from './truth-cases.ts'

/** One figure of one queue at one load: the truth, and the interval of the simulator. */
export interface TruthCell {
  readonly name: string
  readonly load: number
  readonly metric: string
  readonly truth: number
  readonly low: number
  readonly center: number
  readonly high: number
  /** Whether the interval holds the truth, or lies below it where theory has a bound only. */
  readonly holds: boolean
}

/** How much is simulated. */
interface CellOptions {
  readonly requests: number
  readonly replications: number
  readonly seed: number
}

const quantiles = [
  ['p50', 0.5],
  ['p99', 0.99],
  ['p99.9', 0.999],
] as const

/** The cells of a queue at a load. */
export function truthCells(
  one: TruthCase,
  load: number,
  { requests, replications, seed }: CellOptions,
): TruthCell[] {
  const world = { ...one.world(load), requests }
  const { algorithms } = simulate({ world, algorithms: [one.algorithm], replications, seed })
  const [result] = algorithms
  const truth = one.truth(load)
  const cell = (metric: 'mean' | 'p50' | 'p99' | 'p99.9', value: number): TruthCell => {
    const { low = 0, center = 0, high = 0 } = result?.metrics?.[metric] ?? {}
    const holds = low <= value && value <= high
    return { name: one.name, load, metric, truth: value, low, center, high, holds }
  }
  const bound = truth.bound
  if (bound !== undefined) {
    const found = cell('mean', bound)
    return [{ ...found, metric: 'mean (upper bound)', holds: found.low <= bound }]
  }
  const { tail } = truth
  return [
    cell('mean', truth.mean),
    ...(tail === undefined
      ? []
      : quantiles.map(([metric, p]) => cell(metric, quantileOf(tail, p)))),
    ...(truth.blocked === undefined
      ? []
      : [blockedCell(cell('mean', truth.blocked), result?.replications ?? [])]),
  ]
}

/** The fraction of the requests that found the queue full. */
function blockedCell(
  cell: TruthCell,
  replications: readonly { readonly failed: number; readonly requests: number }[],
): TruthCell {
  const { low, center, high } = meanInterval(
    replications.map(({ failed, requests }) => failed / requests),
  )
  const holds = low <= cell.truth && cell.truth <= high
  return { ...cell, metric: 'blocked', low, center, high, holds }
}
