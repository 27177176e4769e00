import { quantity } from '../../src/kit/units.ts'
import { spread } from './columns.ts'
import { estimate } from './estimates.ts'
import type { Row } from './rows.ts'

/** The figures of a single arm, where there is nothing to rank: `round-robin: 15,100 req/s (±3.1 %), p99 5.24 ms.` */
export function onlyArm(capacity: readonly Row[], latency: readonly Row[]): string[] {
  const [row = latency[0]] = capacity
  if (row === undefined || Math.max(capacity.length, latency.length) > 1) return []
  const throughput = capacity.length === 0 ? undefined : estimate(row, 'throughput')?.summary
  const tail = estimate(latency[0] ?? row, 'latencyP99')?.summary
  const width = spread(throughput)
  const bound = row.finding.isLowerBound ? 'at least ' : ''
  const figures = [
    ...(throughput === undefined
      ? []
      : [`${bound}${quantity(throughput.center, 'req/s')}${width === '' ? '' : ` (${width})`}`]),
    ...(tail === undefined
      ? []
      : [`p99 ${quantity(tail.center, 's')}${latency.length > 0 ? '' : ' at saturation'}`]),
  ]
  return figures.length === 0 ? [] : [`${row.label}: ${figures.join(', ')}.`]
}
