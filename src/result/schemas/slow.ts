import { z } from 'zod'
import { count, seconds } from './values.ts'

/** Causes of slow requests and of stalls: see docs/guide/slow-requests.md. */
const slowCause = z.enum([
  'target-gc',
  'target-loop',
  'target-run-queue',
  'target-connect',
  'retry',
  'backends-run-queue',
  'backend-queue',
  'ejection',
  'driver-gc',
  'driver-loop',
  'driver-run-queue',
  'driver-late',
  'new-connection',
  'connections-in-use',
  'steal',
  'unexplained',
])
export type SlowCause = z.infer<typeof slowCause>

/** How many have each cause; those with none are `unexplained`. */
const byCause = z.partialRecord(slowCause, count)
export type ByCause = z.infer<typeof byCause>

/** The slowest requests of a window and its stalls, with the causes that the meters saw. Seconds from the opening of the window. */
export const slow = z.strictObject({
  /** Requests above p99.9 of the window, at least the 10 slowest, at most 128 of each driver. */
  requests: byCause,
  /** Bins of 100 ms with less than half the usual number of responses. */
  stalls: byCause,
  /** The slowest of these requests: when each began, how long it took, and its cause. */
  slowest: z.array(z.strictObject({ at: z.number(), seconds, cause: slowCause })),
  /** When the causes of these requests were seen, where that is known. */
  seen: z.array(z.strictObject({ cause: slowCause, from: z.number(), until: z.number() })),
})
export type Slow = z.infer<typeof slow>
