import { boolean, custom, option, string } from '@oclif/core/flags'
import { bounds } from '../kit/bounds.ts'
import { UsageError } from '../kit/errors.ts'
import { count, percentage, rate, seconds } from './flags.ts'

/** Backends and dispatchers that are simulated: no sockets limit them. */
const maxBackends = 100_000

/** A fraction of the capacity, which may be above 1: `70%`, `0.9`, `120%`. */
const load = custom<number>({
  async parse(typed, _context, { name }) {
    const isPercent = typed.endsWith('%')
    const number = /^\d*\.?\d+%?$/.test(typed) ? Number.parseFloat(typed) : Number.NaN
    const value = isPercent ? number / 100 : number
    if (value > 0 && value <= 10) return value
    throw new UsageError(
      `--${name} "${typed}" is not a fraction of the capacity above 0`,
      `use --${name} 70% or --${name} 0.7`,
    )
  },
})

/** Flags of the simulated world. */
export const simulateFlags = {
  backends: count({
    helpGroup: 'TARGET',
    max: maxBackends,
    summary:
      'Number of backends: those of the scenario in order, repeated (default: the scenario’s).',
    helpValue: 'N',
  }),
  'service-time': string({
    helpGroup: 'TARGET',
    summary:
      'Service time of every backend, e.g. "exponential 5ms", "lognormal 5ms 0.5", "hyperexponential 5ms 4" (default: the scenario’s).',
    helpValue: 'TIME',
  }),
  'service-from': string({
    helpGroup: 'TARGET',
    summary:
      'Result of "lb bench --target direct" whose measured times are the service times of every backend.',
    helpValue: 'FILE',
    exclusive: ['service-time'],
  }),
  discipline: option({
    helpGroup: 'TARGET',
    summary:
      'How a backend works on its requests: some at once and the others in a queue, or all at once, each at its part of the speed.',
    options: ['queue', 'sharing'] as const,
    default: 'queue',
  })(),
  cache: count({
    helpGroup: 'TARGET',
    max: 10_000_000,
    summary: 'Keys that each backend caches; the least recently used one is dropped.',
    helpValue: 'N',
  }),
  hit: percentage({
    helpGroup: 'TARGET',
    summary:
      'Time of a request whose key is in the cache, as a fraction of the service time (default: 10 %).',
    helpValue: 'N%',
    allowZero: true,
    dependsOn: ['cache'],
  }),
  'slow-start': seconds({
    helpGroup: 'TARGET',
    summary: 'Time over which a backend that was ejected grows to its share, as in "lb serve".',
    helpValue: 'TIME',
  }),
  concurrency: count({
    helpGroup: 'TARGET',
    max: bounds.concurrency,
    summary: 'Requests that a backend works on at once (default: the scenario’s).',
    helpValue: 'N',
  }),
  queue: count({
    helpGroup: 'TARGET',
    min: 0,
    summary: 'Requests that may wait at a backend; more are refused (default: no limit).',
    helpValue: 'N',
  }),
  log: string({
    helpGroup: 'LOAD',
    summary:
      'Access log whose arrivals and client addresses are simulated, in place of a rate; formats as in "lb choose".',
    helpValue: 'FILE',
    exclusive: ['rate', 'load', 'arrivals', 'map'],
  }),
  rate: rate({
    helpGroup: 'LOAD',
    summary: 'Requests per second (default: the scenario’s, or a load of 70 %).',
    helpValue: 'REQ/S',
    exclusive: ['load'],
  }),
  load: load({
    helpGroup: 'LOAD',
    summary: 'Requests per second as a fraction of what all backends together can serve.',
    helpValue: 'N%',
  }),
  arrivals: option({
    helpGroup: 'LOAD',
    summary:
      'Arrivals: evenly spaced, Poisson, in bursts of four times the rate, or in sessions of ten requests (default: the scenario’s).',
    options: ['constant', 'poisson', 'bursts', 'sessions'] as const,
  })(),
  clients: count({
    helpGroup: 'LOAD',
    max: 4_000_000,
    summary: 'Clients, whose addresses are the keys of hash algorithms.',
    helpValue: 'N',
    default: 1000,
  }),
  skew: string({
    helpGroup: 'LOAD',
    summary: 'Client k sends in proportion to 1/k^SKEW (Zipf); 0: all send as much.',
    helpValue: 'SKEW',
    default: '0',
  }),
  timeout: seconds({
    helpGroup: 'LOAD',
    summary: 'Time after which a request has failed (default: the scenario’s).',
    helpValue: 'TIME',
  }),
  retries: count({
    helpGroup: 'LOAD',
    min: 0,
    max: 10,
    summary: 'Further attempts at other backends after a failure, within a budget of 20 %.',
    helpValue: 'N',
  }),
  hedge: seconds({
    helpGroup: 'LOAD',
    summary: 'Send a second attempt after this time; the first response counts.',
    helpValue: 'TIME',
  }),
  dispatchers: count({
    helpGroup: 'TARGET',
    max: 1000,
    summary: 'Balancers in front of the backends; each request goes to one at random.',
    helpValue: 'N',
    default: 1,
  }),
  refresh: seconds({
    helpGroup: 'TARGET',
    summary:
      'Time between two updates of what each balancer knows of the requests of the others; 0: always current (default: never).',
    helpValue: 'TIME',
    allowZero: true,
  }),
  ties: option({
    helpGroup: 'TARGET',
    summary:
      'How least-connections breaks ties: in turns as balancers do, or at random as textbooks do.',
    options: ['turns', 'random'] as const,
    default: 'turns',
  })(),
  requests: count({
    helpGroup: 'TRUST',
    max: 100_000_000,
    summary: 'Requests of each replication (default: 50,000 ÷ (1 − load), up to a million).',
    helpValue: 'N',
  }),
  replications: count({
    helpGroup: 'TRUST',
    max: bounds.trials,
    summary: 'Independent repetitions of each algorithm; comparisons can decide from 6 on.',
    helpValue: 'N',
    default: 10,
  }),
  horizon: seconds({
    helpGroup: 'TRUST',
    summary:
      'Simulate so many seconds from empty queues, and cut nothing: for a load that the backends cannot serve.',
    helpValue: 'TIME',
  }),
  map: boolean({
    helpGroup: 'OUTPUT',
    summary:
      'Find the best algorithm for each load and heterogeneity of the backends, in place of one simulation.',
  }),
}

/** The skew of the keys. */
export function skewOf(typed: string): number {
  const value = /^\d*\.?\d+$/.test(typed) ? Number(typed) : Number.NaN
  if (value >= 0 && value <= 5) return value
  throw new UsageError(`--skew "${typed}" is not a number from 0 to 5`, 'use --skew 0.9')
}
