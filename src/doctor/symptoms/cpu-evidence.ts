import { rounded } from '../../kit/units.ts'
import type { Observed } from './observed.ts'

/** How much of its CPUs the target used, as a clause; none where it was not measured. */
export function cpuEvidence({ cpu }: Pick<Observed, 'cpu'>): string[] {
  return cpu === undefined
    ? []
    : [`the target used ${rounded(cpu.used)} of ${rounded(cpu.given)} CPUs`]
}
