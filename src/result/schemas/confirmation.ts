import { z } from 'zod'
import { pairedComparison } from '../simulation.ts'
import { comparison } from './comparison.ts'
import { summary } from './summary.ts'
import { bottleneck, count } from './values.ts'

/** What of the world real processes do not have: reports word it. */
const difference = z.enum(['arrivals', 'service times', 'queue limits'])

/** How much smaller than the world its confirmation is. */
const scale = z.strictObject({
  /** Backends of the confirmation, and of the world. */
  backends: count,
  ofBackends: count,
  /** How many times as long all times of the confirmation are. */
  time: z.number().positive(),
  /** Requests per second of the confirmation, and of the world. */
  rate: z.number().positive(),
  ofRate: z.number().positive(),
  differences: z.array(difference).readonly(),
})
export type Scale = z.infer<typeof scale>

/** An algorithm on real processes, and in a simulation of them. Seconds of the confirmation. */
const confirmedArm = z.strictObject({
  name: z.string(),
  /** Valid trials, and invalid ones, which enter no figure. */
  trials: count,
  invalid: count,
  /** Absent where it could not be estimated. */
  measured: summary.optional(),
  simulated: summary.optional(),
  /** Whether the two intervals overlap, or the figures are within 10 % of each other. */
  agrees: z.boolean().optional(),
  bottleneck: bottleneck.optional(),
})
export type ConfirmedArm = z.infer<typeof confirmedArm>

/**
 * An algorithm beside the one that the simulation names as best: measured in pairs of trials, simulated in pairs of replications.
 *
 * `confirmed`: both show it worse, or neither does. `contradicted`: measured better than the best. `differs`: the intervals of
 * the two ratios do not overlap. `not decided`: the trials do not show the difference that the simulation has, or the driver or
 * the host limited them.
 */
const confirmedPair = z.strictObject({
  name: z.string(),
  measured: comparison.optional(),
  simulated: pairedComparison.optional(),
  outcome: z.enum(['confirmed', 'contradicted', 'differs', 'not decided']),
})
export type ConfirmedPair = z.infer<typeof confirmedPair>

/** What real processes showed of a choice. */
export const confirmation = z.strictObject({
  outcome: z.enum(['confirmed', 'contradicted', 'not decided']),
  /** The best algorithm of those that were run. */
  base: z.string(),
  /** The percentile that is compared. */
  metric: z.enum(['p50', 'p99']),
  scale,
  /** The confirmation in words: backends, arrivals, clients. */
  world: z.array(z.string()).readonly(),
  /** Blocks of the run, and seconds of a window. */
  blocks: count,
  windowSeconds: z.number().positive(),
  /** False when the run was interrupted or failed. */
  complete: z.boolean(),
  arms: z.array(confirmedArm).readonly(),
  /** Each algorithm beside the base. */
  pairs: z.array(confirmedPair).readonly(),
  /** Algorithms that would have been run, if the driver sent keys. */
  leftOut: z.array(z.string()).readonly(),
})
export type Confirmation = z.infer<typeof confirmation>

/** Why there is no confirmation; `detail` has the message of an error. */
export const notConfirmed = z.strictObject({
  code: z.enum([
    'not requested',
    'no result',
    'too few algorithms',
    'faults',
    'overload',
    'failed',
    'interrupted',
  ]),
  detail: z.string().optional(),
})
export type NotConfirmed = z.infer<typeof notConfirmed>
