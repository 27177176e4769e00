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
  if (row < 0) return row
  exchange.countedBy = proxy
  exchange.countedRow = row
  addOwn(proxy, row, 1)
  if (proxy.replacement !== undefined) moveCount(exchange)
  return row
}

/** Ends the count of a request at its backend, once. */
export function release(exchange: Exchange): void {
  if (exchange.row < 0) return
  add(exchange.countedBy, exchange.countedRow, -1)
  exchange.row = -1
}

/**
 * The configuration was replaced: a request in flight to a backend that stays counts in the new table from now on, where
 * algorithms and limits see it; any other one counts where it began.
 */
export function moveCount(exchange: Exchange): void {
  const { proxy, row, countedBy, countedRow } = exchange
  if (row < 0) return
  const { replacement = proxy } = proxy
  const id = proxy.balancing.backends.byRow[row]?.id
  const next = replacement.balancing.backends.byRow.findIndex(
    (backend) => backend !== undefined && backend.id === id,
  )
  exchange.countedBy = next < 0 ? proxy : replacement
  exchange.countedRow = next < 0 ? row : next
  add(countedBy, countedRow, -1)
  add(exchange.countedBy, exchange.countedRow, 1)
}

function add(proxy: ProxyContext<Exchange>, row: number, change: 1 | -1): void {
  Atomics.add(proxy.balancing.inFlight, row, change)
  addOwn(proxy, row, change)
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
