import { registry } from '../experiment/run/plan-for.ts'
import { UsageError } from '../kit/errors.ts'
import { expand } from '../plan/expand.ts'
import type { BackendPlan, Plan, ServiceTime } from '../plan/plan.ts'
import { aroundTrial } from '../plan/plan-time.ts'
import type { Scenario } from '../plan/scenario.ts'
import type { SimulatedBackend, World } from '../simulator/options.ts'

/** A scaled world, the algorithms to run in it, and the seconds that they may take. */
interface ConfirmationOptions {
  readonly world: World
  readonly algorithms: readonly string[]
  readonly maxSeconds: number
  readonly seed: number
}

/** Blocks that a comparison can decide with, and more where there is time. */
const [minBlocks, usualBlocks] = [6, 8]

/** Seconds of each warm-up, and the bounds of a window. */
const warmup = 0.7
const [minWindow, maxWindow] = [0.5, 5]

/** Seconds before the first trial: the driver is calibrated, and each balancer is started once. */
const before = 5

/** Trials that are repeated, per trial of the plan. */
const repeated = 0.1

/** Blocks, and seconds of each window. */
interface Sizes {
  readonly blocks: number
  readonly window: number
}

/**
 * How often and how long so many algorithms can be run within a time.
 *
 * @throws {UsageError} the time is too short for a comparison
 */
export function confirmationSizes(algorithms: number, maxSeconds: number): Sizes {
  const windowOf = (blocks: number) =>
    (maxSeconds - before) / (algorithms * blocks * (1 + repeated)) - warmup - aroundTrial
  const blocks = windowOf(usualBlocks) >= minWindow ? usualBlocks : minBlocks
  const window = windowOf(blocks)
  if (window >= minWindow) return { blocks, window: Math.min(maxWindow, toTenths(window)) }
  const needed = algorithms * minBlocks * (1 + repeated) * (warmup + aroundTrial + minWindow)
  throw new UsageError(
    `the confirmation of ${algorithms} algorithms takes about ${Math.ceil(before + needed)} s, more than --max-time ${Math.floor(maxSeconds)}s`,
    `use --max-time ${Math.ceil(before + needed + 1)}s or more, or --no-confirm to simulate only`,
  )
}

function toTenths(seconds: number): number {
  return Math.floor(seconds * 10) / 10
}

/**
 * The plan that runs algorithms in a scaled world: in blocks of one trial each, in an open loop at the rate of the world.
 *
 * @throws {UsageError} the time is too short for a comparison
 */
export function confirmationPlan({
  world,
  algorithms,
  maxSeconds,
  seed,
}: ConfirmationOptions): Plan {
  const { blocks, window } = confirmationSizes(algorithms.length, maxSeconds)
  const { arrivals, clients, backends } = world
  if (arrivals.kind !== 'poisson' && arrivals.kind !== 'constant') {
    throw new TypeError(`a scaled world has no arrivals of kind ${arrivals.kind}`)
  }
  const scenario: Scenario = {
    name: 'choose',
    question: 'Do real processes show what the simulation shows?',
    ...{ algorithms, targets: ['reference'], cores: [1], connections: 64 },
    warmup: { least: warmup, most: warmup },
    duration: window,
    trials: blocks,
    timeout: clients.timeout,
    ...{ phase: 'latency', rate: arrivals.rate, arrivals: arrivals.kind, control: false },
    maxTime: Math.max(1, maxSeconds - before),
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    backends: backends.map(mockBackend),
  }
  return expand({ scenario, overrides: {}, registry, seed })
}

function mockBackend({ weight, service, servers, errorRate = 0 }: SimulatedBackend): BackendPlan {
  return {
    ...{ weight, serviceTime: service as ServiceTime },
    ...{ responseBytes: 128, concurrency: servers, errorRate },
  }
}
