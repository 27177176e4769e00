import { z } from 'zod'
import { phase } from '../../plan/plan.ts'
import { metricNames } from '../metrics.ts'
import { reason } from '../reason.ts'
import { summary } from './summary.ts'
import { bottleneck, count, histogram } from './values.ts'

/** How evenly an arm used its backends. */
const balance = z.strictObject({
  /** `weights` where the algorithm uses weights. */
  basis: z.enum(['weights', 'equal shares']),
  /** Jain's fairness index of requests per weight: 1 is perfect, 1/n all to one. */
  fairness: z.number().min(0).max(1.000_001),
  /** Largest distance of a backend's share from its ideal, relative to that; absent where one of weight 0 got any. */
  maxDeviation: z.number().nonnegative().optional(),
  /** The slowest backends, where some are slower than others. */
  slowest: z
    .strictObject({
      /** Indices, from 0. */
      backends: z.array(count).min(1),
      /** Fraction of all requests that they got, together. */
      share: z.number().min(0).max(1),
      /** The fraction that they would get in proportion to their speed. */
      shareBySpeed: z.number().min(0).max(1),
    })
    .optional(),
})

/**
 * Median, minimum and maximum over trials. One of them is absent where it is `never`: trials in which the event did not
 * happen count as longer than all others.
 */
export const trialRange = z.strictObject({
  median: z.number().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  n: count,
})

/** The effects of a fault: see docs/guide/faults.md. Figures that are not defined are absent. */
export const faultFinding = z.strictObject({
  /** Requests that failed, from the fault to the next one. */
  failed: trialRange,
  /** Seconds until the target no longer used the backend; of a dead backend, until no request failed. */
  detect: trialRange.optional(),
  /** Seconds from the backend's return until it had its share again. */
  recover: trialRange.optional(),
  /** The backend's share of the requests before all faults, and during this one. */
  shareBefore: trialRange.optional(),
  shareDuring: trialRange.optional(),
  /** Seconds: the highest p99 from the fault to the next one; `never` where it lies among requests without a response. */
  maxP99: trialRange,
})

/** The estimates of an arm in one phase. */
export const finding = z.strictObject({
  arm: z.string(),
  phase,
  /** Oversubscribed: more workers than CPUs; never ranked, fitted or gated. */
  validity: z.enum(['valid', 'oversubscribed', 'invalid']),
  /** Whether `throughput` is a lower bound, since the bottleneck was the driver or the backends. */
  isLowerBound: z.boolean(),
  /** Estimates in base units. A metric that could not be estimated, or is infinite, is absent; `notes` give the reason. */
  metrics: z.partialRecord(z.enum(metricNames), summary),
  /** Histogram merged over the valid trials. */
  latency: histogram,
  /** Requests per backend over the valid trials. */
  perBackend: z.array(count),
  /** How evenly that is; absent without a balancer. */
  balance: balance.optional(),
  /** The effects of each of the plan's faults, in their order. */
  faults: z.array(faultFinding).optional(),
  /** The most frequent bottleneck of its trials. */
  bottleneck,
  /** The reason of the first trial with that bottleneck. */
  reason,
  notes: z.array(reason),
})
