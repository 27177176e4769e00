import { z } from 'zod'
import { reason } from '../reason.ts'
import { summary } from './summary.ts'

/** A fitted parameter, with its interval where the points allow one. */
const parameter = z.strictObject({
  estimate: z.number(),
  interval: z.strictObject({ low: z.number(), high: z.number() }).optional(),
})

/** The Universal Scalability Law: X(N) = λN / (1 + σ(N−1) + κN(N−1)) (Gunther 2007). */
export const scalingFit = z.strictObject({
  /** Requests per second of one core. */
  lambda: parameter,
  /** Contention: the share that does not run in parallel. */
  sigma: parameter,
  /** Coherence: the cost of each pair that must agree. */
  kappa: parameter,
  /** Cores at the peak, where there is evidence of one. */
  peak: z.number().positive().optional(),
  /** Parameters that ended on a bound. */
  boundary: z.array(z.enum(['lambda', 'sigma', 'kappa'])),
  warnings: z.array(reason),
})

/** Throughput over cores, of one target with one algorithm. */
export const curve = z.strictObject({
  target: z.string(),
  algorithm: z.string(),
  points: z.array(
    z.strictObject({
      arm: z.string(),
      cores: z.int().positive(),
      /** Throughput ÷ that of the fewest cores, and that ÷ the growth in cores. Valid points only. */
      speedup: z.number().optional(),
      efficiency: z.number().optional(),
      /** The target was not the bottleneck: speed-up and efficiency are at least these. */
      isLowerBound: z.boolean().optional(),
      /** Requests per second: the upper bound on this number of cores by the CPU time per request. */
      projection: summary.optional(),
    }),
  ),
  fit: scalingFit.optional(),
  notes: z.array(reason),
})
