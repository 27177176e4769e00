import { z } from 'zod'

/** Name of a zone. */
export const zoneName = z.string().regex(/^[\w.-]{1,63}$/, 'must be a name of A–Z a–z 0–9 . _ -')

/** The zone of the balancer, and when backends in other zones get requests. */
export const zoneSettings = z.strictObject({
  name: zoneName.describe('Zone of the balancer. Backends with the same `zone` are preferred.'),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.7)
    .describe(
      'Share of the weight of the backends of this zone that must be healthy for them to get all requests; below it, all zones do.',
    ),
})
