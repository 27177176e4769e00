import { z } from 'zod'
import { count, histogram } from './values.ts'

/** How often a check passed and failed. */
export const checkCounts = z.strictObject({ passed: count, failed: count })

/** The requests of one step of a journey. */
export const loadStep = z.strictObject({
  /** Requests with a complete response that is no failure. */
  ok: count,
  /** Failed requests by kind. */
  failed: z.record(z.string(), count),
  /** By text of the check. */
  checks: z.record(z.string(), checkCounts),
  /** Times of the requests that are `ok`, from when each was due. */
  latency: histogram,
})
