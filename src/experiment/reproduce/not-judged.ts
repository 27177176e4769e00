import type { DocumentedMetric } from '../../plan/documented/figure.ts'
import type { ResultDocument } from '../../result/document.ts'
import type { ReproducedTable } from '../../result/reproduction.ts'
import type { TrendReason } from '../../result/trend-reason.ts'
import type { DocumentedRow } from './documented-row.ts'

/** Why the trend between two rows cannot be judged; undefined where it can. */
export function notJudged(
  rows: readonly [DocumentedRow, DocumentedRow],
  kind: ReproducedTable['kind'],
  result: ResultDocument,
): TrendReason | undefined {
  if (rows[0].arm === rows[1].arm) return { code: 'one-arm', values: {} }
  return reasonAgainst(rows[0], kind, result) ?? reasonAgainst(rows[1], kind, result)
}

/** Metrics that belong to the target only where no other process is the bottleneck. */
const bottleneckMetrics: readonly DocumentedMetric[] = [
  'throughput',
  ...(['latencyMean', 'latencyP50', 'latencyP90', 'latencyP99', 'latencyP999'] as const),
]

function reasonAgainst(
  { name: row, finding, cores, judgedMetric }: DocumentedRow,
  kind: ReproducedTable['kind'],
  result: ResultDocument,
): TrendReason | undefined {
  if (finding === undefined) return { code: 'not-measured', values: { row } }
  if (finding.validity === 'oversubscribed') return { code: 'beyond-host', values: { cores } }
  if (finding.validity === 'invalid') return { code: 'no-valid-trial', values: { row } }
  const { bottleneck } = finding
  if (bottleneck === 'target') {
    if (judgedMetric === 'cpuUsed') return { code: 'cpu-saturated', values: { row } }
    const isShared = kind === 'scaling' && sharesCpus(finding.arm, result)
    return isShared ? { code: 'cpus-shared', values: { row } } : undefined
  }
  const needsTarget = kind === 'scaling'
  const needsNoOther = bottleneckMetrics.includes(judgedMetric) && bottleneck !== 'none'
  return needsTarget || needsNoOther
    ? { code: 'other-bottleneck', values: { row, bottleneck } }
    : undefined
}

function sharesCpus(arm: string, { trials }: ResultDocument): boolean {
  return trials.some(
    ({ trial, processes }) =>
      trial.arm === arm &&
      processes.some(({ role, sharedCpus }) => role === 'target' && sharedCpus),
  )
}
