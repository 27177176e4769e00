import { random } from '../../src/algorithms/random.ts'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import { twoChoices } from '../../src/algorithms/two-choices.ts'
import type {
  Arrivals,
  Discipline,
  Service,
  SimulatedAlgorithm,
  World,
} from '../../src/simulator/options.ts'
import {
  type ClosedForm,
  ekm1,
  kingmanBound,
  mg1,
  mm1,
  mmc,
  mmck,
  noQueue,
  powerOfChoices,
} from '../simulations/closed-forms.ts'

/** A queue with a closed form. Mean service time: 1 s. */
export interface TruthCase {
  readonly name: string
  world(load: number): Omit<World, 'requests'>
  readonly algorithm: SimulatedAlgorithm
  truth(load: number): ClosedForm & { readonly blocked?: number; readonly bound?: number }
  /** Loads at which it is known (default: all). */
  readonly loads?: readonly number[]
}

const exponential: Service = { kind: 'exponential', mean: 1 }
const fixed: Service = { kind: 'fixed', seconds: 1 }
/** A squared coefficient of variation of e − 1. */
const lognormal: Service = { kind: 'lognormal', median: Math.exp(-0.5), sigma: 1 }
const hyperexponential: Service = { kind: 'hyperexponential', mean: 1, scv: 4 }

const any: SimulatedAlgorithm = { name: 'random', algorithm: random }
const turns: SimulatedAlgorithm = { name: 'round-robin', algorithm: roundRobin }
const pairs: SimulatedAlgorithm = {
  name: 'two-choices',
  algorithm: twoChoices,
  settings: { distinct: 0 },
}

interface Shape {
  readonly backends?: number
  readonly servers?: number
  readonly queue?: number
  readonly service?: Service
  readonly arrivals?: 'poisson' | 'constant'
  readonly discipline?: Discipline
}

function world({
  backends = 1,
  servers = 1,
  queue,
  service = exponential,
  arrivals = 'poisson',
  discipline = 'queue',
}: Shape): TruthCase['world'] {
  const one = { weight: 1, service, servers, ...(queue !== undefined && { queue }) }
  return (load) => ({
    backends: Array.from({ length: backends }, () => one),
    arrivals: { kind: arrivals, rate: load * backends * (servers || 1) } as Arrivals,
    discipline,
    clients: { timeout: 1e9 },
  })
}

/** Every closed form that the simulator is held against. */
export const truthCases: readonly TruthCase[] = [
  { name: 'M/M/1', algorithm: any, world: world({}), truth: mm1 },
  {
    name: 'M/D/1',
    algorithm: any,
    world: world({ service: fixed }),
    truth: (load) => mg1(load, 0),
  },
  {
    name: 'M/G/1, lognormal',
    algorithm: any,
    world: world({ service: lognormal }),
    truth: (load) => mg1(load, Math.E - 1),
  },
  {
    name: 'M/G/1, hyperexponential',
    algorithm: any,
    world: world({ service: hyperexponential }),
    truth: (load) => mg1(load, 4),
  },
  {
    name: 'M/G/1 shared, hyperexponential (insensitive)',
    algorithm: any,
    world: world({ service: hyperexponential, discipline: 'sharing' }),
    truth: (load) => ({ mean: 1 / (1 - load) }),
  },
  {
    name: 'D/M/1',
    algorithm: any,
    world: world({ arrivals: 'constant' }),
    truth: (load) => ekm1(load, Number.POSITIVE_INFINITY),
  },
  {
    name: 'G/G/1, evenly spaced, lognormal (Kingman)',
    algorithm: any,
    world: world({ arrivals: 'constant', service: lognormal }),
    truth: (load) => ({ mean: Number.NaN, bound: kingmanBound(load, 0, Math.E - 1) }),
  },
  { name: 'M/M/4', algorithm: any, world: world({ servers: 4 }), truth: (load) => mmc(load, 4) },
  { name: 'M/M/32', algorithm: any, world: world({ servers: 32 }), truth: (load) => mmc(load, 32) },
  {
    name: 'M/M/2/6',
    algorithm: any,
    world: world({ servers: 2, queue: 4 }),
    truth: (load) => mmck(load, 2, 4),
  },
  {
    name: 'M/G/∞',
    algorithm: any,
    world: world({ servers: 0 }),
    truth: () => noQueue((t) => Math.exp(-t)),
  },
  { name: 'random split of 10', algorithm: any, world: world({ backends: 10 }), truth: mm1 },
  {
    name: 'round robin over 10 (E₁₀/M/1)',
    algorithm: turns,
    world: world({ backends: 10 }),
    truth: (load) => ekm1(load, 10),
  },
  {
    name: 'two choices of 2,000 (mean field)',
    algorithm: pairs,
    world: world({ backends: 2000 }),
    truth: (load) => powerOfChoices(load, 2),
    // Nearer to 1 the limit needs more backends.
    loads: [0.3, 0.7, 0.9],
  },
]
