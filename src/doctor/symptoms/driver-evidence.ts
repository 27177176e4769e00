import { percent, quantity } from '../../kit/units.ts'
import type { Reason } from '../../result/reason.ts'

/** What a reason says about the driver, in words; undefined for other reasons. */
function words({ code, values }: Reason): string | undefined {
  switch (code) {
    case 'driver-late':
      return `half of the requests left ${quantity(values.p50Seconds, 's')} late or more`
    case 'driver-late-at-tail':
      return `1 % of the requests left ${quantity(values.p99Seconds, 's')} late or more`
    case 'driver-saturated':
      return `the driver sent only ${percent(values.sentShare)} of the requests that were due`
    case 'driver-busy':
      return `the driver used ${percent(values.usedShare)} of its CPU`
    case 'driver-stalled':
      return `the driver did not run for ${percent(values.stalledShare)} of the window`
    default:
      return undefined
  }
}

/** Evidence that the driver delayed requests: a clause for each reason, the first two. */
export function driverEvidence(reasons: readonly Reason[]): string[] {
  return reasons.flatMap((reason) => words(reason) ?? []).slice(0, 2)
}
