import { z } from 'zod'

const rate = z.number().nonnegative()

/** The knee of a target, from a ramp up and down and from held rates: src/experiment/load/knee. Rates in requests per second. */
export const knee = z.strictObject({
  /**
   * `found`: the ramp's knee lies in the interval of the steady one. `ramp-too-fast`: it does not, or is not known to 10 %, or
   * the ramp has too few samples for one.
   * `not-reached`: throughput followed the plan to the highest rate. `undecided`: the holds show no knee.
   */
  outcome: z.enum(['found', 'ramp-too-fast', 'not-reached', 'undecided']),
  /** The knee of the ramp up, its standard error, the slope of throughput beyond it, and the rate at which the ramp down had recovered. */
  ramp: z
    .strictObject({ rate, error: rate, slope: z.number(), recoveredAt: rate.optional() })
    .optional(),
  /** The knee of the holds with its interval; without `high` every rate was followed. */
  steady: z
    .strictObject({
      ...{ rate, low: z.number(), high: rate.optional() },
      holds: z.array(
        z.strictObject({
          ...{ offered: rate, achieved: rate, low: z.number(), high: rate },
          follows: z.boolean(),
        }),
      ),
    })
    .optional(),
  /** How much lower than its knee the ramp was when the target had recovered from overload. */
  hysteresis: z.number().optional(),
})
