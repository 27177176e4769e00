import type { MapCell, SimulatedMetric, SimulationMap } from '../result/simulation.ts'
import type { Arrivals, SimulatedBackend, SimulationOptions, World } from './options.ts'
import { rank } from './ranking.ts'
import { scaledService } from './service-draw.ts'
import { simulate } from './simulate.ts'
import { capacityOf } from './stability.ts'

/** The axes of a map, and what is compared. */
export interface MapOptions extends SimulationOptions {
  readonly loads: readonly number[]
  /** How many times slower the slowest backend is than the fastest: the speeds between are evenly spaced. */
  readonly heterogeneities: readonly number[]
  readonly metric: SimulatedMetric
}

/**
 * Simulates every load with every heterogeneity. The backends have the weights and the service time of the world's first; their
 * speeds are spread, with the same capacity in all. Weights are in proportion to the speeds, as a user would set them.
 */
export function simulationMap(
  options: MapOptions,
  onReplication: (algorithm: string) => void = () => {},
): SimulationMap {
  const { loads, heterogeneities, metric, algorithms } = options
  const cells = heterogeneities.flatMap((heterogeneity) =>
    loads.map((load) => cellOf(options, { load, heterogeneity }, onReplication)),
  )
  const names = algorithms.map(({ name }) => name)
  return { metric, loads, heterogeneities, algorithms: names, cells }
}

function cellOf(
  options: MapOptions,
  { load, heterogeneity }: Pick<MapCell, 'load' | 'heterogeneity'>,
  onReplication: (algorithm: string) => void,
): MapCell {
  const { world, metric } = options
  const backends = spread(world.backends, heterogeneity)
  const capacity = backends.reduce((sum, one) => sum + capacityOf(one), 0)
  const arrivals = {
    ...(world.arrivals as Exclude<Arrivals, { kind: 'trace' }>),
    rate: load * capacity,
  }
  const result = simulate({ ...options, world: { ...world, backends, arrivals } }, onReplication)
  const ranking = rank(result, metric)
  return {
    load,
    heterogeneity,
    values: Object.fromEntries(
      result.algorithms.flatMap(({ name, metrics }) =>
        metrics === undefined ? [] : [[name, metrics[metric].center]],
      ),
    ),
    best: ranking?.best ?? '',
    asGood: ranking?.asGood ?? [],
    isNoDifference: ranking?.asGood.length === options.algorithms.length,
  }
}

/** Weights of the fastest backend: fine enough for the speeds between. */
const topWeight = 100

/** The first backend, as often as there are backends, from its own speed down to the slowest. */
function spread(backends: World['backends'], heterogeneity: number): SimulatedBackend[] {
  const [first] = backends as [SimulatedBackend]
  const last = Math.max(1, backends.length - 1)
  return backends.map((_, i) => {
    const speed = 1 - (i / last) * (1 - 1 / heterogeneity)
    return {
      ...first,
      weight: Math.max(1, Math.round(topWeight * speed)),
      service: scaledService(first.service, 1 / speed),
    }
  })
}
