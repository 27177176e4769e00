import { z } from 'zod'
import { phase } from '../../plan/plan.ts'
import { metricNames } from '../metrics.ts'
import { count } from './values.ts'

/** An arm that differs from its base, by the ratio of the comparison. */
const difference = z.strictObject({
  arm: z.string(),
  base: z.string(),
  outcome: z.enum(['better', 'worse']),
  /** Arm ÷ base, with the interval. */
  center: z.number().positive(),
  low: z.number().positive(),
  high: z.number().positive(),
})

/** What the trials say of the arms with the same number of cores, by one metric. */
const claim = z.strictObject({
  phase,
  metric: z.enum(metricNames),
  /** Arms that differ from their base, the best first. */
  different: z.array(difference),
  /** The other arms and the base, in the order of the plan. */
  alike: z.array(z.string()),
  /** The fraction beyond which no two of `alike` differ, by the intervals of all their pairs; absent for one arm. */
  bound: z.number().nonnegative().optional(),
  /** Level of the intervals. */
  confidence: z.number().min(0).max(1),
  /** Minimum number of blocks that two arms have in common. */
  pairs: count,
})

/** What a run found, what a finer run would take, and what the host lacks. */
export const answer = z.strictObject({
  /** Absent where no two arms have three blocks in common. */
  claim: claim.optional(),
  /** A smaller `--precision`, as a fraction, and about how many seconds it takes, from the spread of this run. */
  finer: z
    .strictObject({ precision: z.number().positive(), seconds: z.number().positive() })
    .optional(),
  /** Why the host cannot measure better: `one-cpu`: target and driver share it; `neighbour`: other programs used so many CPUs. */
  lack: z
    .discriminatedUnion('code', [
      z.strictObject({ code: z.literal('one-cpu') }),
      z.strictObject({ code: z.literal('neighbour'), cpus: z.number().positive() }),
    ])
    .optional(),
})
