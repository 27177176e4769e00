import { z } from 'zod'
import { amount, count, fraction, role, seconds, text } from './values.ts'

/** Checks that a trial did not pass: why it was discarded, or what qualifies its figures. */
export const trialReasons = {
  /** One of several drivers ended or became silent, so that its requests are unknown; `detail` is how. Drivers are numbered from 1. */
  'driver-lost': z.strictObject({ number: count, of: count, detail: text }),
  /**
   * One of several drivers measured other latencies than most of the others, which drove the same target: `distance` is
   * the maximum distance of its cumulative distribution from theirs.
   */
  'driver-differs': z.strictObject({
    number: count,
    of: count,
    p50Seconds: seconds,
    othersP50Seconds: seconds,
    distance: fraction,
  }),
  /** A knob that the running target does not show: `what` was read from it, and was `found` in place of `wanted`. */
  'knob-not-taken': z.strictObject({ knob: text, what: text, wanted: text, found: text }),
  /** No response with a 2xx status in the window. */
  'no-success': z.strictObject({ requests: count }),
  /** Requests of the window without a 2xx response. */
  'requests-failed': z.strictObject({
    failed: count,
    requests: count,
    errors: count,
    timeouts: count,
    non2xx: count,
    dropped: count,
  }),
  /** Driver, target and backends counted different numbers of requests, further apart than the requests in flight explain. */
  'requests-not-conserved': z.strictObject({
    driver: count,
    target: count.optional(),
    backends: count,
    allowed: count,
  }),
  /** Little's law: `ratio` is throughput × mean latency ÷ connections, and should be 1. */
  'littles-law': z.strictObject({ ratio: amount }),
  /** The open-loop driver sent only this share of the requests that were due. */
  'driver-saturated': z.strictObject({ sentShare: fraction }),
  /** Half of the requests were sent later than allowed: the driver's delay is counted as latency. */
  'driver-late': z.strictObject({ p50Seconds: seconds, allowedSeconds: seconds }),
  /** 1 % of the requests were sent later than allowed: the tail of latency is partly the driver's. */
  'driver-late-at-tail': z.strictObject({ p99Seconds: seconds, allowedSeconds: seconds }),
  /** More requests arrived in the window than ended in it: the target's queue grew. */
  'queue-grew': z.strictObject({ arrived: count, ended: count }),
  /** Throughput still had a trend when the window opened. */
  'throughput-unsteady': z.strictObject({}),
  /** A process was measured to have used more CPU time than its CPUs had: the accounting is wrong. */
  'cpu-accounting': z.strictObject({ role, usedSeconds: seconds, availableSeconds: seconds }),
  /** A target that shares its CPUs with driver and backends left these next to nothing. */
  'target-starved-others': z.strictObject({ cpusUsed: amount, cpus: count }),
  /** A process was runnable and waited for a CPU while programs outside the trial ran; these used `othersCpus` CPUs on average. `node`: of the nodes of the role the one where they used the most. */
  'run-queue-wait': z.strictObject({
    role,
    node: text.optional(),
    waitShare: fraction,
    switches: count,
    othersCpus: amount,
  }),
  /** A 1 ms timer was later at its p99.9 than a tenth of the p99 latency: the host adds to the tail. */
  'timer-jitter': z.strictObject({
    cpus: z.array(count),
    p999Seconds: seconds,
    allowedSeconds: seconds,
  }),
  /** The hypervisor gave this share of the CPU time to other machines; of a node where it is named. */
  'cpu-stolen': z.strictObject({ node: text.optional(), share: fraction }),
  /** A CPU quota (cgroup) stopped the processes for this time; on a node where it is named. */
  throttled: z.strictObject({ node: text.optional(), seconds }),
  /** The host, or the node that is named, swapped memory pages during the window. */
  swapped: z.strictObject({ node: text.optional(), pages: count }),
} as const
