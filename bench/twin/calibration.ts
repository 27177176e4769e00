import type { Service } from '../../src/simulator/options.ts'
import { medianTimes, middleOf, serviceOfTimes } from './median-times.ts'
import { type RealScenario, realRuns } from './real-runs.ts'
import { type ServiceName, services } from './twin-scenarios.ts'

/** Measurements of this host, on which all predictions rest: made without a queue, and not from a scenario that is predicted. */
export interface Calibration {
  /** Times of each kind of backend, one request at a time. */
  readonly services: Readonly<Record<ServiceName, Service>>
  /** Time that driver, kernel and balancer add to a request at so many requests per second. */
  overhead(rate: number): Service
}

/**
 * Requests per second at which service times are measured. Many: where the mean is 1 % off, so is the load of every scenario, and at 70 %
 * the wait in its queues by 3 %.
 */
const serviceRate = 1000

/** Requests per second at which the overhead is measured: it grows as processes compete for CPUs. */
const overheadRates = [300, 700, 1100] as const

/** Backends without a limit, so that no request waits for another one. */
const fixedBackends = `{ count: 8, serviceTime: ${services.fixed} }`

/** Measures the service times in so many trials, and the overheads in half as many. */
export async function calibrate(
  options: Pick<RealScenario, 'seconds' | 'trials' | 'seed'>,
): Promise<Calibration> {
  const times = async (scenario: Pick<RealScenario, 'target' | 'backends' | 'rate' | 'trials'>) =>
    medianTimes(await realRuns({ ...options, ...scenario, algorithm: 'round-robin' }))
  const alone = (service?: string) =>
    times({
      target: 'direct',
      rate: serviceRate,
      trials: options.trials,
      backends: `{ count: 1${service === undefined ? '' : `, serviceTime: ${service}`} }`,
    })
  // The way to a backend and back, which is no part of its service.
  const way = middleOf(await alone())
  const found: [string, Service][] = []
  for (const [name, text] of Object.entries(services)) {
    found.push([name, serviceOfTimes(await alone(text), way)])
  }
  const measured = Object.fromEntries(found) as Record<ServiceName, Service>
  const fixed = middleOf(secondsOf(measured.fixed))
  const overheads: { readonly rate: number; readonly seconds: readonly number[] }[] = []
  for (const rate of overheadRates) {
    const through = await times({
      target: 'reference',
      rate,
      trials: Math.ceil(options.trials / 2),
      backends: fixedBackends,
    })
    overheads.push({ rate, seconds: secondsOf(serviceOfTimes(through, fixed)) })
  }
  return { services: measured, overhead: (rate) => between(overheads, rate) }
}

/** Linear between two rates that were measured; beyond them as at the nearest. */
function between(
  overheads: readonly { readonly rate: number; readonly seconds: readonly number[] }[],
  rate: number,
): Service {
  const above = overheads.find((one) => one.rate >= rate) ?? overheads.at(-1)
  const below = overheads.findLast((one) => one.rate <= rate) ?? overheads[0]
  if (above === undefined || below === undefined) throw new Error('nothing was measured')
  const share = above === below ? 0 : (rate - below.rate) / (above.rate - below.rate)
  const times = below.seconds.map(
    (seconds, i) => seconds + share * ((above.seconds[i] as number) - seconds),
  )
  return serviceOfTimes(times, 0)
}

function secondsOf(service: Service): readonly number[] {
  return service.kind === 'empirical' ? service.seconds : []
}
