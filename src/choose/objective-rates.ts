import type { Objective } from '../plan/objective.ts'
import type { AlgorithmRate, ObjectiveRates } from '../result/choice.ts'
import { isMetBy } from '../simulator/objective-outcome.ts'
import type { Arrivals, SimulatedAlgorithm, World } from '../simulator/options.ts'
import { simulate } from '../simulator/simulate.ts'
import { stabilityOf } from '../simulator/stability.ts'
import { summarise } from '../stats/estimates/summary.ts'
import { type Edge, edgeOf } from './edge-search.ts'

/** The world at its own rate, the objective, and the algorithms in the order in which they are searched. */
interface RateOptions {
  readonly world: World
  readonly objective: Objective
  readonly algorithms: readonly SimulatedAlgorithm[]
  /** Algorithms that are searched in any case; the others as long as there is time. */
  readonly first: readonly string[]
  readonly replications: number
  readonly seed: number
}

/** The highest load that is tried, as a fraction of the capacity: beyond it a queue needs more requests than there are. */
const maxLoad = 0.98

/** Factor of the rate up to which a world without a limit of capacity is tried. */
const maxFactor = 10

/** The lowest rate that is tried, as a factor of the world's own. */
const lowestFactor = 0.02

/** Relative width at which the search of one replication ends. */
const tolerance = 0.02

/** Requests of a replication whose arrivals are not recorded: enough for a p99, and at a steady load as good as more. */
const maxRequests = 30_000

/** Replications that are searched: their edges scatter less than their percentiles. */
const maxReplications = 5

/** Simulations of one algorithm and replication, about. */
const simulationsEach = 7

/** Requests that are simulated in all, about: some tens of seconds. */
const maxSimulated = 30_000_000

/**
 * The rate up to which each algorithm meets an objective: an edge in each replication, which meets the same requests at every rate and with
 * every algorithm, only closer together (common random numbers).
 */
export function objectiveRates(options: RateOptions): ObjectiveRates {
  const { objective, first } = options
  const world = shortened(options.world)
  const { rate, load } = stabilityOf(world)
  const highest = load > 0 ? Math.max(1, maxLoad / load) : maxFactor
  const factors = { min: lowestFactor, max: highest }
  const replications = Math.min(options.replications, maxReplications)
  const seeds = Array.from({ length: replications }, (_, i) => options.seed + i)
  const cost = world.requests * replications * simulationsEach
  const affordable = Math.max(first.length, Math.floor(maxSimulated / cost))
  const wanted = [
    ...options.algorithms.filter(({ name }) => first.includes(name)),
    ...options.algorithms.filter(({ name }) => !first.includes(name)),
  ].slice(0, affordable)
  return {
    lowest: factors.min * rate,
    highest: factors.max * rate,
    replications,
    requests: world.requests,
    algorithms: wanted.map((algorithm) => ({
      name: algorithm.name,
      ...rateOf(edgesOf({ world, objective, algorithm, seeds, factors }), rate, factors),
    })),
  }
}

/** The lowest and the highest factor of the rate that are tried. */
interface Factors {
  readonly min: number
  readonly max: number
}

/** A recorded load stays as long as it is, since it need not be steady. */
function shortened(world: World): World {
  if (world.arrivals.kind === 'trace' || world.warmup === 'none') return world
  return { ...world, requests: Math.min(world.requests, maxRequests) }
}

function edgesOf({
  world,
  objective,
  algorithm,
  seeds,
  factors,
}: Pick<RateOptions, 'world' | 'objective'> & {
  readonly algorithm: SimulatedAlgorithm
  readonly seeds: readonly number[]
  readonly factors: Factors
}): Edge[] {
  let start = 1
  let step = 1.25
  return seeds.map((seed) => {
    const holds = (factor: number) => {
      const at = { ...world, arrivals: faster(world.arrivals, factor) }
      const { algorithms } = simulate({ world: at, algorithms: [algorithm], replications: 1, seed })
      return algorithms.every(({ replications }) =>
        replications.every((figures) => isMetBy(objective, figures)),
      )
    }
    const edge = edgeOf(holds, { start, step, tolerance, ...factors })
    // The next one is near.
    start = factorOf(edge, factors)
    step = 1.04
    return edge
  })
}

/** The same arrivals, `factor` times as many in a second. */
export function faster(arrivals: Arrivals, factor: number): Arrivals {
  if (arrivals.kind !== 'trace') return { ...arrivals, rate: arrivals.rate * factor }
  return { ...arrivals, times: Float64Array.from(arrivals.times, (time) => time / factor) }
}

/** The rate of all replications, from their edges as factors of a rate. */
function rateOf(
  edges: readonly Edge[],
  rate: number,
  factors: Factors,
): Omit<AlgorithmRate, 'name'> {
  if (edges.every((edge) => edge === 'above')) return { kind: 'holds' }
  if (edges.every((edge) => edge === 'below')) return { kind: 'misses' }
  return { kind: 'found', rate: summarise(edges.map((edge) => rate * factorOf(edge, factors))) }
}

/** A replication without an edge counts with the bound that it reached. */
function factorOf(edge: Edge, { min, max }: Factors): number {
  return typeof edge === 'number' ? edge : { above: max, below: min }[edge]
}
