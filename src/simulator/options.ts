import type { Algorithm, Settings } from '../algorithms/algorithm.ts'
import type { Fault } from '../plan/faults/fault.ts'
import type { ServiceTime } from '../plan/plan.ts'

/** Distribution of a time, in seconds: those of a scenario, and two more. */
export type Service =
  | ServiceTime
  /** Mostly short, sometimes long: two exponentials with balanced means; `scv` is the squared coefficient of variation, above 1. */
  | { readonly kind: 'hyperexponential'; readonly mean: number; readonly scv: number }
  /** A measured histogram: `cumulative[i]` is the fraction of the values that are `seconds[i]` or less. Both ascend. */
  | {
      readonly kind: 'empirical'
      readonly seconds: readonly number[]
      readonly cumulative: readonly number[]
    }

/** A backend: servers with one queue. */
export interface SimulatedBackend {
  readonly weight: number
  readonly service: Service
  /** Requests in service at once; 0: no limit, so that none waits. */
  readonly servers: number
  /** Requests that may wait; one more is refused (default: no limit). */
  readonly queue?: number
  /** Fraction of the requests that fail after their service (default: 0). */
  readonly errorRate?: number
  /** Entries of a cache of keys, least recently used first out; a hit takes `hitShare` of the service time. */
  readonly cache?: { readonly entries: number; readonly hitShare: number }
}

/**
 * How the servers of a backend take requests. `queue`: one each, first come first served. `sharing`: all at once, each progressing at
 * its part of the servers, as threads of one process do.
 */
export type Discipline = 'queue' | 'sharing'

/** How requests arrive. Rates in requests per second, times in seconds. */
export type Arrivals =
  | { readonly kind: 'poisson' | 'constant'; readonly rate: number }
  /**
   * Poisson arrivals at two rates in turn (MMPP): `factor` times as many in a burst as outside of one; bursts and pauses have
   * exponential lengths. `share` is the fraction of the time in bursts, `rate` the mean over both.
   */
  | {
      readonly kind: 'bursts'
      readonly rate: number
      readonly factor: number
      readonly share: number
      readonly seconds: number
    }
  /** Sessions begin as a Poisson process; each sends requests with one key, with exponential pauses. `rate`: requests per second. */
  | {
      readonly kind: 'sessions'
      readonly rate: number
      /** Mean requests of a session (geometric). */
      readonly requests: number
      /** Mean seconds between two requests of a session. */
      readonly pause: number
    }
  /** Recorded times, ascending, and a key for each, if there are any. */
  | {
      readonly kind: 'trace'
      readonly times: Float64Array | readonly number[]
      readonly keys?: readonly string[]
    }

/** Keys of hash algorithms and caches: drawn from `count` clients, the k-th in proportion to k^−skew (0: all equal). */
export interface Keys {
  readonly count: number
  readonly skew: number
}

/** The patience of clients. */
interface Clients {
  /** Seconds after which an attempt has failed. */
  readonly timeout: number
  /** Further attempts after a failed one, each at a backend that was not tried (default: 0). */
  readonly retries?: number
  /** Retries in flight allowed per request in flight (default: 0.2), and always 3. */
  readonly retryBudget?: number
  /** Seconds after which a second attempt is sent; the first response counts, the other attempt is cancelled. */
  readonly hedgeAfter?: number
}

/** Several balancers in front of the same backends; each request goes to one at random. */
interface Dispatchers {
  readonly count: number
  /**
   * Seconds between two updates of the counts of requests in flight of the others. 0: always current, as between the workers of
   * one balancer. Infinity: each only knows its own requests.
   */
  readonly refresh: number
}

/** The balancer's own work: what it takes for each request before the pick. */
export interface BalancerServers {
  /** Requests that it works on at once; 0: no limit, so that its work is a delay. */
  readonly servers: number
  readonly service: Service
}

/** After so many failures in a row a backend gets no requests for so many seconds. */
export interface Ejection {
  readonly failures: number
  readonly seconds: number
  /** Seconds over which it then grows to its share (default: 0, at once). */
  readonly slowStart?: number
}

/** An algorithm to simulate. */
export interface SimulatedAlgorithm {
  /** Name for results: that of the algorithm, unless its settings differ. */
  readonly name: string
  readonly algorithm: Algorithm
  readonly settings?: Settings
}

/** What is simulated: the same for every algorithm. */
export interface World {
  readonly backends: readonly SimulatedBackend[]
  /** How servers take requests (default: queue). */
  readonly discipline?: Discipline
  readonly arrivals: Arrivals
  readonly keys?: Keys
  readonly clients: Clients
  readonly dispatchers?: Dispatchers
  readonly balancer?: BalancerServers
  /** In order of time, in seconds since the first arrival may come. With faults no warm-up is cut. */
  readonly faults?: readonly Fault[]
  readonly ejection?: Ejection
  /** Requests of a replication. */
  readonly requests: number
  /** `mser`: the warm-up is cut by MSER-5; `none`: nothing is cut, as for a horizon or faults (default: mser). */
  readonly warmup?: 'mser' | 'none'
}

/** A world, and what runs in it. */
export interface SimulationOptions {
  readonly world: World
  readonly algorithms: readonly SimulatedAlgorithm[]
  /** Independent repetitions; from 6 on a comparison can decide. */
  readonly replications: number
  /** The same seed gives the same result, to the byte. */
  readonly seed: number
  /** Difference between two algorithms that does not matter, as a fraction (default: 0.03). */
  readonly margin?: number
}
