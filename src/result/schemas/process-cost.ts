import { z } from 'zod'
import { bytes, count, seconds } from './values.ts'

/** Resource use through the window: at most some 100 readings, for windows of any length. */
const usageTimeline = z
  .strictObject({
    /** Since the window opened. */
    at: z.array(seconds),
    /** CPU-seconds used since then, by threads that were alive at that moment. */
    cpuSeconds: z.array(seconds),
    /** Resident memory at that moment. */
    rssBytes: z.array(bytes),
  })
  .refine(
    ({ at, cpuSeconds, rssBytes }) =>
      at.length === cpuSeconds.length && at.length === rssBytes.length,
    'its columns are not of one length',
  )

/** The cost of the processes of a role, with all their threads and children, over exactly the window. */
export const processCost = z.strictObject({
  role: z.enum(['target', 'driver', 'backends']),
  userSeconds: seconds,
  systemSeconds: seconds,
  /** CPU-seconds of the busiest thread: one thread cannot use a second CPU. */
  busiestThreadSeconds: seconds,
  /** Seconds that its threads were runnable and waited for a CPU (run-queue wait), over all threads. */
  waitedSeconds: seconds,
  /** Run-queue wait of the busiest thread. */
  busiestThreadWaitedSeconds: seconds.optional(),
  /** CPUs that they could use: of driver and backends at most one for each process. Shared with the other roles where `sharedCpus`. */
  cpusGiven: z.number().positive(),
  sharedCpus: z.boolean(),
  rssMeanBytes: bytes,
  rssPeakBytes: bytes,
  /** In user mode, from the first request to the last; absent where the host cannot count them. */
  instructions: count.optional(),
  voluntarySwitches: count,
  involuntarySwitches: count,
  timeline: usageTimeline.optional(),
})
