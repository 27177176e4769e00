import { cpus } from 'node:os'
import { percent } from '../../src/kit/units.ts'
import type { Summary } from '../../src/result/document.ts'
import { clopperPearson } from '../../src/stats/estimates/proportion.ts'

/** `AMD EPYC (2 CPUs), Node v26.10.0` */
export function machine(): string {
  return `${cpus()[0]?.model} (${cpus().length} CPUs), Node ${process.version}`
}

/** `19 of 20 (95 % interval 75 % to 100 %)`: a proportion with its interval. */
export function share(times: number, of: number): string {
  if (of === 0) return 'none was tried'
  const { low, high } = clopperPearson(times, of)
  return `${times} of ${of} (95 % interval ${percent(low)} to ${percent(high)})`
}

/** `1.048 (1.032 to 1.064)` */
export function ratioText({ center, low, high }: Pick<Summary, 'center' | 'low' | 'high'>): string {
  return `${center.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
}
