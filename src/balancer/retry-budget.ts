import type { Lane } from './lane.ts'

/**
 * Whether one more retry may be in flight: retries are limited to a share of the requests in flight,
 * so that a failing backend does not multiply the load on the others. As in Envoy's retry budget.
 */
export function mayRetry({ settings, active, retrying }: Lane): boolean {
  const { share, least } = settings.retries
  return retrying < Math.max(least, active * share)
}
