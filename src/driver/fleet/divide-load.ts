import type { Load } from '../../plan/plan.ts'

/** Distance of the seeds of two drivers: their streams of arrivals are independent. */
const seedStep = 0x51ed270b

/**
 * The part of each of `drivers` drivers in a load, in their order. Connections, arrivals and requests in flight are
 * divided, never multiplied. Poisson arrivals are independent streams, whose sum is a Poisson process of the full rate;
 * evenly spaced ones take turns.
 */
export function divideLoad(load: Load, drivers: number): Load[] {
  if (drivers === 1) return [load]
  return Array.from({ length: drivers }, (_, i) => ({
    ...load,
    connections: partOf(load.connections, { drivers, i }),
    seed: i === 0 ? load.seed : (load.seed + i * seedStep) | 0,
    ...(load.arrivals && { arrivals: arrivalsOf(load.arrivals, { drivers, i }) }),
    ...(load.visits && { visits: { ...load.visits, driver: i, drivers } }),
  }))
}

function arrivalsOf(
  { rate, spacing, maxInFlight }: NonNullable<Load['arrivals']>,
  of: { readonly drivers: number; readonly i: number },
): NonNullable<Load['arrivals']> {
  return {
    rate: rate / of.drivers,
    spacing,
    ...(spacing === 'constant' && { offset: of.i / rate }),
    ...(maxInFlight !== undefined && { maxInFlight: partOf(maxInFlight, of) }),
  }
}

/** The i-th of so many parts of a number, as equal as integers can be; the greater ones first. */
export function partOf(
  number: number,
  { drivers, i }: { readonly drivers: number; readonly i: number },
): number {
  return Math.ceil((number - i) / drivers)
}
