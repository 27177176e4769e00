import type { Check } from './check.ts'
import type { Evidence } from './evidence.ts'

type Fleet = NonNullable<Evidence['fleet']>

/** A driver that is lost takes its requests with it: the trial is discarded. */
export function lostDrivers({ lost }: Fleet): Check[] {
  return lost.map((values) => ({ fatal: true, failed: { code: 'driver-lost', values } }))
}

/** Drivers that share a load measure the same target: one with other latencies measures something of its own. */
export function differingDrivers(fleet: Fleet | undefined): Check[] {
  return (fleet?.differing ?? []).map((values) => ({
    fatal: false,
    failed: { code: 'driver-differs', values },
  }))
}
