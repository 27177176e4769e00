import type { FaultFinding, ResultDocument } from '../../src/result/document.ts'
import { faultWords } from './faults.ts'

const figures = {
  failed: 'failed',
  detect: 'detected_s',
  recover: 'recovered_s',
  shareBefore: 'share_before_fraction',
  shareDuring: 'share_during_fraction',
  maxP99: 'max_p99_s',
} as const satisfies Record<keyof FaultFinding, string>

/** Columns behind those of an arm, where the plan has faults. */
export const faultHeads: readonly string[] = [
  ...['fault', 'fault_at_s', 'fault_until_s', 'fault_backend', 'fault_kind', 'fault_trials'],
  ...Object.values(figures).flatMap((name) => [name, `${name}_low`, `${name}_high`]),
]

/** A line for each fault of each arm: which arm and phase, and the cells of `faultHeads`. */
export function faultLines({ plan, findings }: ResultDocument) {
  return findings.flatMap(({ arm, phase, faults = [] }) =>
    faults.map((found, i) => {
      const fault = plan.faults?.[i]
      const about = fault
        ? [faultWords(fault), fault.at, fault.until ?? '', fault.backend, fault.effect.kind]
        : Array<string>(5).fill('')
      const names = Object.keys(figures) as (keyof FaultFinding)[]
      const cells = [...about, found.failed.n, ...names.flatMap((name) => edges(found[name]))]
      return { arm, phase, cells: cells.map(String) }
    }),
  )
}

/** The middle and both edges; `never` where one is later than the time that there was, empty where there is none. */
function edges(reach: FaultFinding[keyof FaultFinding]): (number | string)[] {
  if (reach === undefined || reach.n === 0) return ['', '', '']
  const { median = 'never', low = 'never', high = 'never' } = reach
  return [median, low, high]
}
