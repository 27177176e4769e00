import { z } from 'zod'
import { phase } from '../plan/plan.ts'
import type { ResultDocument } from '../result/document.ts'
import { type MetricName, metricNames } from '../result/metrics.ts'

/** What an arm came to in a phase of a run that was kept. */
const keptFinding = z.strictObject({
  arm: z.string(),
  phase,
  /** Middle of each metric, in base units. */
  metrics: z.partialRecord(z.enum(metricNames), z.number()),
})

/** What the index knows of a run that was kept: enough to list it, and to follow a metric over time. */
export const historyEntry = z.strictObject({
  /** Name of its folder; sorts by time. */
  id: z.string(),
  createdAt: z.iso.datetime(),
  scenario: z.string(),
  fingerprint: z.string(),
  cpuModel: z.string(),
  lb: z.string(),
  findings: z.array(keptFinding),
})
export type HistoryEntry = z.infer<typeof historyEntry>

/** What the index keeps of a result. Arms that are oversubscribed or invalid say nothing over time. */
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
