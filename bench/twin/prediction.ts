import { algorithms } from '../../src/algorithms/index.ts'
import type { SimulatedBackend, World } from '../../src/simulator/options.ts'
import { meanOf } from '../../src/simulator/service-draw.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { median } from '../../src/stats/estimates/quantile.ts'
import type { Calibration } from './calibration.ts'
import type { TwinScenario } from './twin-scenarios.ts'

/** p50 and p99 of a trial in seconds. */
export interface TrialTimes {
  readonly p50: number
  readonly p99: number
}

/** Replications, each as long as a trial: the median of their percentiles is then known to two percent. */
const replications = 100

/** Requests per second of a scenario, by the service times that were measured. */
export function rateOf({ load, groups }: TwinScenario, { services }: Calibration): number {
  const capacity = groups.reduce(
    (sum, { count, service, servers }) => sum + (count * servers) / meanOf(services[service]),
    0,
  )
  return Math.round(load * capacity)
}

/** What trials of so many seconds show, as the simulator predicts it: the medians over trials, as of real ones. */
export function predicted(
  one: TwinScenario,
  calibration: Calibration,
  {
    rate,
    seconds,
    seed,
  }: { readonly rate: number; readonly seconds: number; readonly seed: number },
): TrialTimes {
  const backends = one.groups.flatMap(({ count, service, servers, weight = 1 }) => {
    const backend: SimulatedBackend = { weight, service: calibration.services[service], servers }
    return Array.from({ length: count }, () => backend)
  })
  const world: World = {
    backends,
    arrivals: { kind: 'poisson', rate },
    // A delay that holds nothing up: driver and balancer are far from their capacity.
    balancer: { servers: 0, service: calibration.overhead(rate) },
    clients: { timeout: 10 },
    requests: Math.round(rate * seconds),
    warmup: 'none',
  }
  const algorithm = algorithms.find(({ name }) => name === one.algorithm)
  if (algorithm === undefined) throw new Error(`no algorithm ${one.algorithm}`)
  const simulated = { name: algorithm.name, algorithm }
  const [result] = simulate({ world, algorithms: [simulated], replications, seed }).algorithms
  const trials = result?.replications ?? []
  return {
    p50: median(trials.map(({ p50 }) => p50)),
    p99: median(trials.map(({ p99 }) => p99)),
  }
}
