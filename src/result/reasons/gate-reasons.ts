import { z } from 'zod'
import { phase } from '../../plan/plan.ts'
import { amount, count, fraction, metric, text } from './values.ts'

/** What a gate found, and why that does not decide it. */
export const gateReasons = {
  /** Ratio of an arm to its base, with its confidence interval. Without `base` it is the same arm of the baseline. */
  'measured-change': z.strictObject({
    metric,
    base: text.optional(),
    center: amount,
    low: amount,
    high: amount,
    confidence: fraction,
  }),
  /** A metric in its base unit, with its confidence interval; without `confidence`, low and high are the range of the trials. */
  'measured-value': z.strictObject({
    metric,
    phase,
    center: amount,
    low: amount,
    high: amount,
    confidence: fraction.optional(),
    trials: count,
  }),
  /** The interval contains the threshold. */
  'around-threshold': z.strictObject({}),
  /** Worse by itself, but not after adjusting for the number of gates (Holm). */
  'multiple-gates': z.strictObject({ p: fraction }),
  /** The change is smaller than the margin δ that this host can resolve. */
  'within-margin': z.strictObject({ margin: fraction }),
  /** The throughput is a lower bound: something other than the target was the bottleneck. */
  'lower-bound': z.strictObject({}),
  /** The control, which has no balancer, changed in the same direction: the host did. `ratio` is the control's. */
  'control-changed': z.strictObject({ metric, ratio: amount }),
  /** No trial of the arm is valid. */
  'no-valid-trial': z.strictObject({ arm: text }),
  /** The baseline has no arm of this name: the arm was not checked. */
  'baseline-lacks-arm': z.strictObject({ arm: text }),
  /** No trial of the arm in the baseline is valid. */
  'baseline-without-valid-trial': z.strictObject({ arm: text }),
  /** The baseline was interrupted after so many of its planned trials. */
  'baseline-interrupted': z.strictObject({ measured: count, planned: count }),
  /** The arm has more workers than the host has CPUs, and no other arm could be checked. */
  'gate-oversubscribed': z.strictObject({ arm: text }),
  /** A limit on the share of failures needs so many requests. */
  'too-few-for-limit': z.strictObject({ requests: count, needed: count }),
  /** The metric could not be estimated. */
  'no-estimate': z.strictObject({ metric }),
  /** On so few CPUs, which driver, backends and target share, CPU per request varies less than the metrics of these rules. */
  'steadier-metric': z.strictObject({ cpus: count, rules: z.array(text) }),
  /** There is nothing to compare the metric with. */
  'not-compared': z.strictObject({ metric }),
} as const
