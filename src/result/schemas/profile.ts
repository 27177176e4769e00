import { z } from 'zod'
import { summary } from './summary.ts'
import { count } from './values.ts'

/** A function: the same in two profiles if all three are. */
const frame = z.strictObject({ name: z.string(), file: z.string(), line: count })

/** Head − base, per request, with its confidence interval. */
const difference = z.strictObject({ center: z.number(), low: z.number(), high: z.number() })

/** One arm whose target was profiled. Costs per request, in the unit of the profile. */
const profiledArm = z.strictObject({
  arm: z.string(),
  /** Valid trials with a profile. */
  trials: count,
  /** All samples together. */
  perRequest: summary,
  /** CPU of the process in the same trials, by the meters; µs per request. */
  cpuPerRequest: summary.optional(),
  /** The frames with the highest cost of their own. */
  frames: z.array(z.strictObject({ frame, self: summary, total: summary })),
  /** A metric of the profiled trials ÷ that of the trials without a profile, in the same blocks. */
  overhead: z
    .strictObject({
      metric: z.enum(['cpuPerRequest', 'throughput']),
      ratio: summary,
      outcome: z.enum(['better', 'worse', 'same', 'inconclusive', 'too few trials']),
    })
    .optional(),
  /** The profile of all its trials, in the format of pprof: a file beside the result. */
  file: z.string().optional(),
})

/**
 * One frame in two arms; costs of CPU time at one speed of the host. `p`: of the moderated paired t test of `self`, adjusted for
 * all frames that were tested.
 */
const frameDifference = z.strictObject({
  frame,
  base: z.number(),
  head: z.number(),
  self: difference,
  total: difference,
  p: z.number().min(0).max(1),
  outcome: z.enum(['better', 'worse', 'inconclusive', 'too few trials']),
})

/** Profiles of one kind, taken in trials that enter no other figure of the result. */
export const profileSummary = z.strictObject({
  kind: z.enum(['cpu', 'heap']),
  unit: z.enum(['microseconds', 'bytes']),
  arms: z.array(profiledArm),
  /** The two arms compared frame by frame, where two were profiled. */
  diff: z
    .strictObject({
      base: z.string(),
      head: z.string(),
      /** Blocks in which both have a profile. */
      pairs: count,
      confidence: z.number().min(0).max(1),
      perRequest: difference.optional(),
      /** Frames that were tested. */
      tested: count,
      /** Those that differ, then those with the largest differences. */
      frames: z.array(frameDifference),
    })
    .optional(),
  /** Arms without a profile, and why. */
  missing: z.array(z.strictObject({ arm: z.string(), detail: z.string() })),
})
export type ProfileSummary = z.infer<typeof profileSummary>
