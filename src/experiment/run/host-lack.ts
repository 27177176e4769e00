import type { Answer, Host, Measurement } from '../../result/document.ts'
import { median } from '../../stats/estimates/quantile.ts'

/** CPUs of other programs from which on they are named. A judgement: services of an idle machine stay far below. */
const disturbing = 0.2

/** Why a host cannot measure better: a single CPU, or other programs on its CPUs in most trials; undefined for any other host. */
export function hostLack(
  { cpusAvailable }: Pick<Host, 'cpusAvailable'>,
  measured: readonly Measurement[],
): Answer['lack'] {
  if (cpusAvailable < 2) return { code: 'one-cpu' }
  if (measured.length === 0) return undefined
  const cpus = median(
    measured.map(({ host, windowSeconds }) => host.foreignSeconds / windowSeconds),
  )
  return cpus >= disturbing ? { code: 'neighbour', cpus } : undefined
}
