import type { Host, ResultDocument } from '../../result/document.ts'
import type { MetricName } from '../../result/metrics.ts'
import type { Reason } from '../../result/reason.ts'
import type { GateRule } from './gate-rule.ts'

/** CPUs below which target, driver and backends cannot each have one of their own. */
const enoughCpus = 4

/** Costs of the target by the kernel's or the CPU's own count: the load of other processes changes them least. */
const steady: readonly MetricName[] = [
  'cpuPerRequest',
  'instructionsPerRequest',
  'rssMean',
  'rssPeak',
]

/** Whether a host has so few CPUs that throughput and latency depend on its scheduler. */
export function isSmall({ cpusAvailable }: Pick<Host, 'cpusAvailable'>): boolean {
  return cpusAvailable < enoughCpus
}

/** On a small host, the advice to gate on CPU per request in place of what varies there; undefined otherwise. */
export function steadierMetric(
  { host }: Pick<ResultDocument, 'host'>,
  rules: readonly GateRule[],
): Reason | undefined {
  const varying = rules.filter(
    ({ metric, threshold }) => threshold.on === 'change' && !steady.includes(metric),
  )
  if (!isSmall(host) || varying.length === 0) return undefined
  const values = { cpus: host.cpusAvailable, rules: varying.map(({ text }) => text) }
  return { code: 'steadier-metric', values }
}
