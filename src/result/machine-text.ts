import { grouped, quantity } from '../kit/units.ts'
import type { ReasonValues } from './reason.ts'

/** A machine as one phrase, for reports and errors: `2 × AMD EPYC, 8.00 GiB, kernel 6.1, Node 26.1`. */
export function machineText(machine: ReasonValues<'host-differs'>['base']): string {
  const { cpus, cpuModel, memoryBytes, kernel, node } = machine
  return `${grouped(cpus)} × ${cpuModel}, ${quantity(memoryBytes, 'bytes')}, kernel ${kernel}, Node ${node}`
}
