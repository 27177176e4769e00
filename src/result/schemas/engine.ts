import { z } from 'zod'
import { count } from './values.ts'

/** What started the processes of a run on other hosts, and these hosts. */
export const engine = z.strictObject({
  name: z.enum(['ssh', 'slurm']),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      /** Drivers that it had; and whether it had the backends, and the target. */
      drivers: count,
      backends: z.literal(true).optional(),
      target: z.literal(true).optional(),
      /** CPUs that processes may use there; absent in results of earlier versions. */
      cpus: z.int().positive().optional(),
      /** Milliseconds that its clock is ahead of the coordinator's, and the maximum error of that. */
      clockOffsetMs: z.number(),
      clockBoundMs: z.number().nonnegative(),
      /** Its seconds in each second of the coordinator's clock, from the start of the agent to the end of the load, and the maximum error of that. */
      clockRate: z.number().positive().optional(),
      clockRateBound: z.number().nonnegative().optional(),
    }),
  ),
})
export type EngineFacts = z.infer<typeof engine>

/** Milliseconds between the first driver on a node that began and the last one, and the maximum error of that. */
export const fleetStart = z.strictObject({
  spreadMs: z.number().nonnegative(),
  boundMs: z.number().nonnegative(),
})
