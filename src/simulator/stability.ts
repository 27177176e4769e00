import { rateOf } from './arrival-stream.ts'
import type { World } from './options.ts'
import { meanOf } from './service-draw.ts'

/** How much comes, and how much can be served. */
export interface Stability {
  /** Requests per second in the long run. */
  readonly rate: number
  /** Requests per second that all backends together can serve; infinity if one has no limit. */
  readonly capacity: number
  /** Rate ÷ capacity. */
  readonly load: number
}

export function stabilityOf({ arrivals, backends, balancer }: World): Stability {
  const rate = rateOf(arrivals)
  const served = backends.reduce((sum, one) => sum + capacityOf(one), 0)
  const capacity = Math.min(served, balancer === undefined ? served : capacityOf(balancer))
  return { rate, capacity, load: rate / capacity }
}

/** Requests per second that servers can serve in the long run. */
export function capacityOf({
  servers,
  service,
}: {
  readonly servers: number
  readonly service: World['backends'][number]['service']
}): number {
  const mean = meanOf(service)
  return servers === 0 || mean === 0 ? Number.POSITIVE_INFINITY : servers / mean
}
