import { z } from 'zod'
import { phase } from '../../plan/plan.ts'
import { metricNames } from '../metrics.ts'
import { comparison } from './comparison.ts'
import { checkCounts } from './load-step.ts'
import { summary } from './summary.ts'
import { thresholdOutcome } from './threshold-outcome.ts'
import { count } from './values.ts'

/** The requests of one step of an arm in a phase, over its valid trials. */
const stepOfArm = z.strictObject({
  arm: z.string(),
  phase,
  requests: count,
  /** Those that failed, or failed a check. */
  failed: count,
  /** By text of the check. */
  checks: z.record(z.string(), checkCounts),
  /** Latencies and fraction of failures; those that could not be estimated are absent. */
  metrics: z.partialRecord(z.enum(metricNames), summary),
})

/** A step of the visits, and how the arms compare by it. */
export const visitStep = z.strictObject({
  /** The name that its figures are grouped by. */
  name: z.string(),
  arms: z.array(stepOfArm),
  /** Of the latency phase. */
  comparisons: z.array(comparison),
})
export type VisitStep = z.infer<typeof visitStep>

/** The outcome of a threshold for one arm. */
export const armThreshold = z.strictObject({ arm: z.string(), ...thresholdOutcome.shape })
export type ArmThreshold = z.infer<typeof armThreshold>
