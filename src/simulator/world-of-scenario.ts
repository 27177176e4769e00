import { UsageError } from '../kit/errors.ts'
import { grouped } from '../kit/units.ts'
import { faultsOf } from '../plan/faults/fault-steps.ts'
import type { BackendPlan } from '../plan/plan.ts'
import type { Scenario } from '../plan/scenario.ts'
import type { Arrivals, Discipline, Keys, Service, SimulatedBackend, World } from './options.ts'
import { capacityOf } from './stability.ts'

/** What flags change in the world of a scenario. Times in seconds. */
export interface WorldOverrides {
  /** Number of backends: those of the scenario in order, repeated or truncated. */
  readonly backends?: number | undefined
  /** Requests per second, or the rate as a fraction of the capacity. */
  readonly rate?: number | undefined
  readonly load?: number | undefined
  readonly arrivals?: 'poisson' | 'constant' | 'bursts' | 'sessions' | undefined
  /** Recorded arrivals in place of all others: they all count, from empty queues, since their load need not be steady. */
  readonly trace?:
    | { readonly times: readonly number[]; readonly keys: readonly string[] }
    | undefined
  /** Of each backend, in place of the scenario's. */
  readonly service?: Service | undefined
  readonly servers?: number | undefined
  readonly queue?: number | undefined
  readonly cache?: SimulatedBackend['cache'] | undefined
  readonly discipline?: Discipline | undefined
  /** Seconds over which a backend that was ejected grows to its share. */
  readonly slowStart?: number | undefined
  readonly keys?: Keys | undefined
  readonly timeout?: number | undefined
  readonly retries?: number | undefined
  readonly hedgeAfter?: number | undefined
  readonly dispatchers?: World['dispatchers'] | undefined
  /** Requests of a replication (default: by the load). */
  readonly requests?: number | undefined
  /** Seconds that are simulated, without a cut: the run of an unstable load. */
  readonly horizon?: number | undefined
}

/** Load where neither scenario nor flag has a rate. */
const defaultLoad = 0.7

/**
 * The world of a scenario: its backends, arrivals, time-out and faults.
 *
 * @throws {UsageError} a backend takes no time, or a load is wanted of backends without a limit
 */
export function worldOf(scenario: Scenario, overrides: WorldOverrides): World {
  const backends = backendsOf(scenario.backends, overrides)
  checkService(scenario.name, backends)
  const { horizon, keys, retries, hedgeAfter, dispatchers, timeout, discipline } = overrides
  const faults = scenario.faults === undefined ? undefined : faultsOf(scenario.faults)
  const seconds = horizon ?? (faults === undefined ? undefined : scenario.duration)
  return {
    backends,
    ...(discipline && { discipline }),
    ...loadOf(scenario, { backends, seconds, overrides }),
    ...(keys && { keys }),
    clients: {
      timeout: timeout ?? scenario.timeout,
      ...(retries !== undefined && { retries }),
      ...(hedgeAfter !== undefined && { hedgeAfter }),
    },
    ...(dispatchers && { dispatchers }),
    ...(faults && { faults }),
    ...ejectionOf(faults !== undefined, overrides),
  }
}

/** As the reference balancer ejects by default. Without faults there is nothing to return from, unless a slow start is wanted. */
function ejectionOf(hasFaults: boolean, { slowStart }: WorldOverrides): Pick<World, 'ejection'> {
  if (!hasFaults && slowStart === undefined) return {}
  return { ejection: { failures: 5, seconds: 10, ...(slowStart !== undefined && { slowStart }) } }
}

/** The arrivals, the number of requests, and whether a warm-up is cut. */
function loadOf(
  scenario: Scenario,
  {
    backends,
    seconds,
    overrides,
  }: {
    readonly backends: readonly SimulatedBackend[]
    /** Seconds that are simulated; undefined: as many as a steady state needs. */
    readonly seconds: number | undefined
    readonly overrides: WorldOverrides
  },
): Pick<World, 'arrivals' | 'requests' | 'warmup'> {
  const { trace, arrivals = scenario.arrivals } = overrides
  if (trace !== undefined) {
    return {
      arrivals: { kind: 'trace', ...trace },
      requests: checked(trace.times.length),
      warmup: 'none',
    }
  }
  const rate = rateFor(scenario, backends, overrides)
  const requests =
    seconds === undefined
      ? (overrides.requests ?? usualRequests(rate / capacityOfAll(backends)))
      : Math.ceil(rate * seconds)
  return {
    arrivals: arrivalsOf(arrivals, rate, backends),
    requests: checked(requests),
    warmup: seconds === undefined ? 'mser' : 'none',
  }
}

function backendsOf(
  plans: readonly BackendPlan[],
  { backends: count = plans.length, service, servers, queue, cache }: WorldOverrides,
): SimulatedBackend[] {
  const kindOf = ({ weight, serviceTime, concurrency, errorRate }: BackendPlan) => ({
    weight,
    service: service ?? serviceTime,
    servers: servers ?? concurrency,
    ...(queue !== undefined && { queue }),
    ...(cache && { cache }),
    errorRate,
  })
  // Backends of one group stay one object.
  const kinds = new Map(plans.map((plan) => [plan, kindOf(plan)]))
  return Array.from(
    { length: count },
    (_, i) => kinds.get(plans[i % plans.length] as BackendPlan) as SimulatedBackend,
  )
}

function checkService(scenario: string, backends: readonly SimulatedBackend[]): void {
  const row = backends.findIndex(({ service }) => service.kind === 'none')
  if (row === -1) return
  throw new UsageError(
    `backend ${row + 1} of scenario ${scenario} takes no time for a request: there is nothing to simulate`,
    'add --service-time "exponential 5ms", or a serviceTime to the scenario',
  )
}

function rateFor(
  scenario: Scenario,
  backends: readonly SimulatedBackend[],
  { rate, load }: WorldOverrides,
): number {
  if (rate !== undefined) return rate
  if (load === undefined && scenario.rate !== undefined) return scenario.rate
  const capacity = capacityOfAll(backends)
  if (Number.isFinite(capacity)) return (load ?? defaultLoad) * capacity
  throw new UsageError(
    `scenario ${scenario.name} has a backend without a limit of concurrency: its capacity is not known, and so no load`,
    'use --rate 500, or give each backend servers with --concurrency 4',
  )
}

function capacityOfAll(backends: readonly SimulatedBackend[]): number {
  return backends.reduce((sum, one) => sum + capacityOf(one), 0)
}

/** Requests of a replication: the nearer to the capacity, the longer a queue remembers. */
function usualRequests(load: number): number {
  return Math.round(50_000 / Math.max(0.05, 1 - load))
}

function arrivalsOf(
  kind: NonNullable<WorldOverrides['arrivals']>,
  rate: number,
  backends: readonly SimulatedBackend[],
): Arrivals {
  if (kind === 'bursts') return { kind, rate, factor: 4, share: 0.1, seconds: 100 / rate }
  if (kind === 'sessions') return { kind, rate, requests: 10, pause: (10 * backends.length) / rate }
  return { kind, rate }
}

/** Requests of one replication that are simulated at most: some minutes. */
const maxRequests = 100_000_000

function checked(requests: number): number {
  if (requests <= maxRequests) return Math.max(1, requests)
  throw new UsageError(
    `a replication would have ${grouped(requests)} requests, and ${grouped(maxRequests)} are the maximum`,
    'use a shorter --horizon, a lower --rate or fewer --requests',
  )
}
