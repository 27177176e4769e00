import { plural } from '../kit/plural.ts'
import { grouped, percent, quantity, rounded } from '../kit/units.ts'
import type { SimulatedBackend, World } from './options.ts'
import { serviceText } from './service-text.ts'
import { stabilityOf } from './stability.ts'

/** The world in words, one line for each of its parts. */
export function worldText(world: World): string[] {
  const { rate, capacity, load } = stabilityOf(world)
  const limit = Number.isFinite(capacity)
    ? `, ${percent(load)} of the ${rounded(capacity)} req/s that the backends can serve`
    : ''
  return [
    ...backendLines(world),
    `${arrivalsText(world)}: ${rounded(rate)} req/s${limit}`,
    ...clientLines(world),
  ]
}

function backendLines({ backends, discipline }: World): string[] {
  const counts = new Map<SimulatedBackend, number>()
  for (const one of backends) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].map(([{ weight, service, servers, queue, cache }, count]) => {
    const places = servers === 0 ? 'no limit' : `${grouped(servers)} at once`
    const shared = discipline === 'sharing' ? ', shared by all its requests' : ''
    const cached =
      cache === undefined
        ? ''
        : `, cache of ${grouped(cache.entries)} keys, a hit takes ${percent(cache.hitShare)}`
    const room = queue === undefined ? '' : `, queue of ${grouped(queue)}`
    return `${plural(count, 'backend')}: weight ${weight}, ${serviceText(service)}, ${places}${shared}${room}${cached}`
  })
}

function arrivalsText({ arrivals }: World): string {
  switch (arrivals.kind) {
    case 'constant':
      return 'Evenly spaced arrivals'
    case 'poisson':
      return 'Poisson arrivals'
    case 'bursts':
      return `Arrivals in bursts of ${rounded(arrivals.factor)} times the rate, ${percent(arrivals.share)} of the time`
    case 'sessions':
      return `Arrivals in sessions of ${rounded(arrivals.requests)} requests`
    case 'trace':
      return 'Arrivals as recorded'
  }
}

function clientLines({ keys, clients, dispatchers, faults, ejection, arrivals }: World): string[] {
  const { timeout, retries = 0, hedgeAfter } = clients
  const patience = [
    `time-out ${quantity(timeout, 's')}`,
    ...(retries > 0 ? [`up to ${retries} more after a failure`] : []),
    ...(hedgeAfter === undefined ? [] : [`a second attempt after ${quantity(hedgeAfter, 's')}`]),
  ]
  return [
    `Clients: ${patience.join(', ')}`,
    ...(keys === undefined || (arrivals.kind === 'trace' && arrivals.keys !== undefined)
      ? []
      : [`Keys: ${grouped(keys.count)} clients${keys.skew > 0 ? `, Zipf ${keys.skew}` : ''}`]),
    ...(dispatchers === undefined ? [] : [dispatcherText(dispatchers)]),
    ...(faults === undefined ? [] : [`${plural(faults.length, 'fault')}; the whole time counts`]),
    ...(ejection?.slowStart === undefined
      ? []
      : [`Slow start of a backend that returns: ${quantity(ejection.slowStart, 's')}`]),
  ]
}

function dispatcherText({ count, refresh }: NonNullable<World['dispatchers']>): string {
  if (refresh === 0) return `${plural(count, 'balancer')} that share their counts`
  return Number.isFinite(refresh)
    ? `${plural(count, 'balancer')}, which learn of each other every ${quantity(refresh, 's')}`
    : `${plural(count, 'balancer')}, each of which knows its own requests only`
}
