import { z } from 'zod'

/** What the balancer notes about itself, beside counts and metrics. */
export const observeSettings = z.strictObject({
  steps: z
    .boolean()
    .default(false)
    .describe(
      'Whether workers time the steps of each request, for `--steps` of `lb bench` and `lb serve`: about 3 % more CPU time per request.',
    ),
  pauses: z
    .boolean()
    .default(false)
    .describe(
      'Whether the balancer notes garbage collections, delays of the event loop and run-queue waits of its workers, retries, slow connects to backends and ejections with their times, for `lb bench`, which names the causes of slow requests.',
    ),
})
