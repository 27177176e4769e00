import { z } from 'zod'
import { phase } from '../plan/plan.ts'
import type { ResultDocument } from '../result/document.ts'
import { type MetricName, metricNames } from '../result/metrics.ts'

/** The estimates of an arm in one phase of a stored run. */
const indexedFinding = z.strictObject({
  arm: z.string(),
  phase,
  /** Estimate of each metric, in base units. */
  metrics: z.partialRecord(z.enum(metricNames), z.number()),
})

/** The index line of a stored run: enough to list it and to plot a metric over time. */
export const historyEntry = z.strictObject({
  /** Name of the folder of the run; sorts by time. */
  id: z.string(),
  createdAt: z.iso.datetime(),
  scenario: z.string(),
  fingerprint: z.string(),
  cpuModel: z.string(),
  lb: z.string(),
  findings: z.array(indexedFinding),
})
export type HistoryEntry = z.infer<typeof historyEntry>

/** The index line of a result. Oversubscribed and invalid arms are left out: their estimates do not compare over time. */
export function entryOf(id: string, document: ResultDocument): HistoryEntry {
  const { createdAt, plan, host, lb, findings } = document
  return {
    id,
    createdAt,
    scenario: plan.scenario,
    fingerprint: host.fingerprint,
    cpuModel: host.cpuModel,
    lb,
    findings: findings
      .filter(({ validity }) => validity === 'valid')
      .map(({ arm, phase, metrics }) => ({
        arm,
        phase,
        metrics: Object.fromEntries(
          Object.entries(metrics).map(([name, { center }]) => [name as MetricName, center]),
        ),
      })),
  }
}
