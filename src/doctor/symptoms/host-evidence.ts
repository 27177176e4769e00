import { plural } from '../../kit/plural.ts'
import { percent, quantity } from '../../kit/units.ts'
import type { Reason } from '../../result/reason.ts'
import type { Observed } from './observed.ts'

/** What a reason says about the host, in words; undefined for other reasons. */
function words({ code, values }: Reason): string | undefined {
  switch (code) {
    case 'run-queue-wait':
    case 'waited-for-cpu':
    case 'cpu-contended':
      return `the ${values.role} waited for a CPU for ${percent(values.waitShare)} of the time`
    case 'other-programs':
      return `other programs used ${percent(values.usedShare)} of the CPUs`
    case 'cpu-stolen':
      return `the hypervisor took ${percent(values.share)} of the CPU time`
    case 'throttled':
      return `a CPU quota stopped the processes for ${quantity(values.seconds, 's')}`
    case 'swapped':
      return `${values.pages} pages were swapped`
    case 'timer-jitter':
      return `a timer of 1 ms was ${quantity(values.p999Seconds, 's')} late at p99.9`
    default:
      return undefined
  }
}

/** Evidence that the host disturbed a quarter of the trials or more: a clause for each kind. */
export function hostEvidence({ reasons, trials }: Observed): string[] {
  const found = reasons.flatMap(({ reason, trials: concerned }) => {
    const clause = words(reason)
    if (clause === undefined || 4 * concerned < trials) return []
    return [`${clause} (${concerned} of ${plural(trials, 'trial')})`]
  })
  return found.slice(0, 3)
}
