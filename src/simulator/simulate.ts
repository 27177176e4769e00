import { seeded } from '../kit/random.ts'
import type { Simulation } from '../result/simulation.ts'
import { Engine } from './engine.ts'
import { algorithmResult } from './figures.ts'
import type { SimulatedAlgorithm, SimulationOptions, World } from './options.ts'
import type { Recorder } from './recorder.ts'
import { stabilityOf } from './stability.ts'

/** Difference between two algorithms that does not matter. */
const defaultMargin = 0.03

/**
 * Simulates the algorithms in a world: each in the same replications, with the same arrivals, keys and work. The classes of
 * `src/algorithms/` decide, with the clock of the simulation. `onReplication` hears of each replication that is done.
 */
export function simulate(
  { world, algorithms, replications, seed, margin = defaultMargin }: SimulationOptions,
  onReplication: (algorithm: string) => void = () => {},
): Simulation {
  const seeds = replicationSeeds(seed, replications)
  const results = algorithms.map((one) => {
    const recorders = seeds.map((own) => {
      const recorder = replicate(world, one, own)
      onReplication(one.name)
      return recorder
    })
    return algorithmResult(one, recorders, world)
  })
  return { algorithms: results, ...stabilityOf(world), seed, margin }
}

/** One replication of one algorithm. */
export function replicate(world: World, algorithm: SimulatedAlgorithm, seed: number): Recorder {
  return new Engine(world, algorithm, seed).run()
}

/** The seeds of the replications, which follow from that of the simulation. */
function replicationSeeds(seed: number, replications: number): number[] {
  const random = seeded(seed)
  return Array.from({ length: replications }, () => Math.floor(random() * 0x7fffffff))
}
