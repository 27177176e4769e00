import { count } from '../shared/counters.ts'
import type { ProxyContext } from './context.ts'
import type { Exchange } from './exchange.ts'

/**
 * The retry budget (settings `retries`): whether one more retry may be in flight. Over all workers, retries are limited
 * to a share of the requests in flight, so that a failing backend does not multiply the load on the others, as with
 * Envoy's retry budget. Workers that ask at the same moment may each get the last one.
 */
export function mayRetry({ settings, observe: { columns } }: ProxyContext<Exchange>): boolean {
  const { share, min } = settings.retries
  let active = 0
  let retrying = 0
  for (const column of columns) {
    active += column[count.active] as number
    retrying += column[count.retrying] as number
  }
  return retrying < Math.max(min, active * share)
}
