import { z } from 'zod'
import { phase } from '../../plan/plan.ts'
import { metricNames } from '../metrics.ts'
import { reason } from '../reason.ts'
import { summary } from './summary.ts'

/** One metric of an arm, compared with another arm of the same run or with the same arm of another run. */
export const comparison = z.strictObject({
  metric: z.enum(metricNames),
  phase,
  arm: z.string(),
  /** Name of the arm that it is compared with. */
  base: z.string(),
  /** The estimate of the base, where it is the same arm of another run; in the unit of the metric. */
  baseValue: z.number().optional(),
  /** Arm ÷ base, from the pairs of each block; between two runs from their trials, unpaired. */
  ratio: summary,
  /** δ: a ratio whose interval lies within 1/(1+δ) … 1+δ is the same. */
  margin: z.number().nonnegative(),
  /** The ratio without the correction for the speed of the host: src/experiment/findings/host-speed.ts. */
  uncorrectedRatio: summary.optional(),
  /** Better and worse by the metric's own direction. `too few trials`: no test of so few pairs can reach the level. */
  outcome: z.enum(['better', 'worse', 'same', 'inconclusive', 'too few trials']),
  /** Of the test behind the outcome, adjusted for the family of comparisons (Holm). */
  p: z.number().min(0).max(1).optional(),
})

/** A rule of the CI gate applied to one arm, and its state. */
export const gate = z.strictObject({
  /** As given to `--fail-on`: `p99>+5%`. */
  rule: z.string(),
  arm: z.string(),
  metric: z.enum(metricNames),
  /** `fail`: the whole interval lies beyond the threshold. */
  state: z.enum(['pass', 'fail', 'inconclusive']),
  /** Whether the threshold is a change (`+5%`) or a value (`20ms`). */
  threshold: z.enum(['change', 'absolute']),
  /** Whether `inconclusive` counts as failed too. */
  strict: z.boolean(),
  /** Measured value, and why it is inconclusive if it is. */
  reasons: z.array(reason).min(1),
})

/** The other run that a run was compared with. */
export const baseline = z.strictObject({
  /** File that it was read from. */
  file: z.string(),
  createdAt: z.iso.datetime(),
  lb: z.string(),
  /** Differences between the two runs that make them incomparable: empty, unless the comparison was forced. */
  differences: z.array(reason),
})
