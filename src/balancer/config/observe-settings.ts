import { z } from 'zod'

/** What the balancer notes about itself, beside counts and metrics. */
export const observeSettings = z.strictObject({
  steps: z
    .boolean()
    .default(false)
    .describe(
      'Whether workers time the steps of each request, for `lb bench --steps`: about 3 % more CPU time per request.',
    ),
  pauses: z
    .boolean()
    .default(false)
    .describe(
      'Whether workers note garbage collections, delays of their event loop, retries and slow connects to backends with their times, for `lb bench`, which names the causes of slow requests.',
    ),
})
