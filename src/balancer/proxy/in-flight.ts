import { inFlightAt } from '../shared/counters.ts'
import type { ProxyContext } from './context.ts'
import type { Exchange } from './exchange.ts'

/**
 * Picks a backend for a request and counts the request in flight there, in one step.
 *
 * @returns the row, or −1 where no backend is eligible
 */
export function pick(exchange: Exchange): number {
  const { proxy } = exchange
  const { backends, choice } = proxy.balancing
  choice.key = exchange.key
  choice.now = proxy.now()
  choice.tried = exchange.tried
  const row = backends.claim(choice)
  exchange.row = row
  if (row >= 0) addOwn(proxy, row, 1)
  return row
}

/** Ends the count of a request at its backend, once. */
export function release(exchange: Exchange): void {
  const { proxy, row } = exchange
  if (row < 0) return
  Atomics.sub(proxy.balancing.inFlight, row, 1)
  addOwn(proxy, row, -1)
  exchange.row = -1
}

/** Changes the worker's own share of the requests in flight, which is subtracted if the worker dies. */
function addOwn(
  { balancing, observe: { counters } }: ProxyContext<Exchange>,
  row: number,
  change: 1 | -1,
): void {
  const index = inFlightAt(balancing.inFlight.length) + row
  counters[index] = (counters[index] as number) + change
}
