import type { Scale } from '../result/schemas/confirmation.ts'
import type { Service, SimulatedBackend, World } from '../simulator/options.ts'
import { meanOf, scaledService } from '../simulator/service-draw.ts'
import { stabilityOf } from '../simulator/stability.ts'

/** A world that this host can run, and how much smaller it is. */
interface ScaledWorld {
  readonly world: World
  readonly scale: Scale
}

/** Backends up to which real runs were held against the simulator (docs/measurements/twin.md). */
const maxBackends = 8

/** Requests per second for each CPU that balancer, driver and backends share: their own work stays small beside the service times. */
const ratePerCpu = 300
const maxRate = 1200

/** Fraction of the maximum rate from which on times stay as they are. */
const enough = 1 / 2

/** Mean seconds of service from which on the way through sockets and the balancer is small beside them. */
const minService = 0.005

/**
 * A world with the same load, with as many backends, as many requests per second and such service times as a host of so many CPUs can run
 * with real processes. Times are stretched or shrunk together, which changes nothing in a queue. Arrivals are Poisson or evenly spaced,
 * service times of other distributions become lognormal ones with the same mean and variance, and queues have no limit.
 */
export function scaledWorld(world: World, cpus: number): ScaledWorld {
  const all = eachKind(world.backends, runnable)
  const backends = fewer(all)
  const { rate: ofRate, capacity: ofCapacity } = stabilityOf({ ...world, backends: all })
  const { capacity } = stabilityOf({ ...world, backends })
  const share = Number.isFinite(ofCapacity) ? capacity / ofCapacity : backends.length / all.length
  const time = timeFactor(ofRate * share, backends, cpus)
  const rate = Math.max(1, Math.round((ofRate * share) / time))
  const { arrivals, clients, keys: _, faults: __, ejection: ___, ...rest } = world
  return {
    world: {
      ...rest,
      backends: eachKind(backends, (one) => ({
        ...one,
        service: scaledService(one.service, time),
      })),
      arrivals: { kind: arrivals.kind === 'constant' ? 'constant' : 'poisson', rate },
      clients: { ...clients, timeout: clients.timeout * time },
      warmup: 'mser',
    },
    scale: {
      ...{ backends: backends.length, ofBackends: all.length, time, rate, ofRate },
      differences: differencesOf(world),
    },
  }
}

/** The factor of all times: 1 where the host can run the rate, and the service times are long enough. */
function timeFactor(rate: number, backends: readonly SimulatedBackend[], cpus: number): number {
  const highest = Math.min(maxRate, ratePerCpu * cpus)
  const shortest = Math.min(...backends.map(({ service }) => meanOf(service)))
  if (rate <= highest && rate >= enough * highest && shortest >= minService) return 1
  return Math.max(rate / highest, minService / shortest)
}

/** Other backends in place of these. Equal ones stay one object, by which the simulator and reports find them. */
function eachKind(
  backends: readonly SimulatedBackend[],
  make: (one: SimulatedBackend) => SimulatedBackend,
): SimulatedBackend[] {
  const made = new Map([...new Set(backends)].map((one) => [one, make(one)]))
  return backends.map((one) => made.get(one) as SimulatedBackend)
}

/** As many backends as can be run: of each kind in proportion, and one or more. */
function fewer(backends: readonly SimulatedBackend[]): readonly SimulatedBackend[] {
  if (backends.length <= maxBackends) return backends
  const kinds = [...Map.groupBy(backends, (one) => one)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  )
  const counts = kinds.slice(0, maxBackends).map(([one, { length }]) => ({
    one,
    count: Math.max(1, Math.round((length * maxBackends) / backends.length)),
  }))
  // Rounding may have made too many or too few: the largest group takes the difference.
  const [largest] = counts as [(typeof counts)[number]]
  const others = counts.slice(1).reduce((sum, { count }) => sum + count, 0)
  largest.count = Math.max(1, maxBackends - others)
  return counts.flatMap(({ one, count }) => Array<SimulatedBackend>(count).fill(one))
}

/** A mock backend draws lognormal times in place of those that it does not have, and its queue has no limit. */
function runnable({ queue: _, cache: __, ...backend }: SimulatedBackend): SimulatedBackend {
  return { ...backend, service: runnableService(backend.service) }
}

function runnableService(service: Service): Service {
  if (service.kind !== 'hyperexponential' && service.kind !== 'empirical') return service
  const mean = meanOf(service)
  const scv = service.kind === 'hyperexponential' ? service.scv : squaredVariation(service)
  const variance = Math.log1p(scv)
  if (variance === 0) return { kind: 'fixed', seconds: mean }
  return {
    kind: 'lognormal',
    median: mean * Math.exp(-variance / 2),
    sigma: Math.sqrt(variance),
  }
}

/** Variance ÷ mean² of a histogram, with its points as values. */
function squaredVariation({
  seconds,
  cumulative,
}: Extract<Service, { kind: 'empirical' }>): number {
  const weights = cumulative.map((share, i) => share - (cumulative[i - 1] ?? 0))
  const moment = (power: number) =>
    seconds.reduce((sum, one, i) => sum + (weights[i] as number) * one ** power, 0)
  return Math.max(0, moment(2) / moment(1) ** 2 - 1)
}

function differencesOf({ arrivals, backends }: World): Scale['differences'] {
  const isPlain = arrivals.kind === 'poisson' || arrivals.kind === 'constant'
  return [
    ...(isPlain ? [] : (['arrivals'] as const)),
    ...(backends.some(({ service }) => runnableService(service) !== service)
      ? (['service times'] as const)
      : []),
    ...(backends.some(({ queue }) => queue !== undefined) ? (['queue limits'] as const) : []),
  ]
}
