import { count } from '../shared/counters.ts'
import type { ProxyContext } from './context.ts'

/**
 * Whether one more retry may be in flight: over all workers, retries are limited to a share of the
 * requests in flight, so that a failing backend does not multiply the load on the others. As in
 * Envoy's retry budget. Workers that ask in the same moment may each get the last one.
 */
export function mayRetry({ settings, columns }: ProxyContext): boolean {
  const { share, min } = settings.retries
  let active = 0
  let retrying = 0
  for (const column of columns) {
    active += column[count.active] as number
    retrying += column[count.retrying] as number
  }
  return retrying < Math.max(min, active * share)
}
