import { z } from 'zod'
import { trial } from '../../plan/plan.ts'
import { reason } from '../reason.ts'
import { fleetStart } from './engine.ts'
import { loadStep } from './load-step.ts'
import { processCost } from './process-cost.ts'
import { slow } from './slow.ts'
import { steps } from './steps.ts'
import { bottleneck, count, histogram, seconds } from './values.ts'

/** Outcomes of the requests, as the driver counted them. */
const counts = z.strictObject({
  ok: count,
  non2xx: count,
  errors: count,
  timeouts: count,
  dropped: count,
})

/** The part of one driver in a trial, where several share its load. */
const driverPart = z.strictObject({
  /** From 1; a driver that was lost has no part. */
  number: count,
  window: counts,
  total: counts,
  /** CPU-seconds that it used in the window. */
  cpuSeconds: seconds.optional(),
  /** Its own `driverBusy` and `driverStalled`. */
  busy: z.number().min(0).max(1).optional(),
  stalled: z.number().min(0).max(1).optional(),
  /** Medians of its latency, and of its lateness in an open loop. */
  latencyP50: seconds.optional(),
  latenessP50: seconds.optional(),
})

/** How the driver's connections were made, as client and server agreed on it. Counts are from the first request to the last. */
const connectionFacts = z.strictObject({
  protocol: z.enum(['http/1.1', 'h2']),
  /** By address: `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/app.sock`. */
  addresses: z.record(
    z.string(),
    z.strictObject({
      /** Connections that were opened, those in place of closed ones included. */
      opened: count,
      /** Requests with a complete response, and those without one. */
      responses: count,
      failed: count,
      /** The error code for which the address was left out. */
      unreachable: z.string().optional(),
    }),
  ),
  /** Over TLS only. */
  tls: z
    .strictObject({
      /** Whether certificates were checked: false with --insecure. */
      checked: z.boolean(),
      /** Connections that resumed the session of an earlier one. */
      resumed: count,
      /** Connections by TLS version and cipher. */
      negotiated: z.record(z.string(), count),
    })
    .optional(),
})

/** The bottleneck of a trial, and whether the trial is valid. */
export const verdict = z.strictObject({
  bottleneck,
  /** The figures that show the bottleneck. */
  reason,
  /** The figures of the trial alone, where its bottleneck was found by comparison with the control. */
  ownReason: reason.optional(),
  /** An invalid trial enters no estimate. */
  valid: z.boolean(),
  /** Checks that the trial did not pass: why it is invalid, or what qualifies its figures. */
  reasons: z.array(reason),
})

/** Lateness of a 1 ms timer on one set of CPUs: src/meter/timer-jitter.ts. */
const timerJitter = z.strictObject({
  cpus: z.array(count).min(1),
  /** Samples, 1 ms apart. */
  count,
  p50: seconds,
  p99: seconds,
  p999: seconds,
  max: seconds,
  /** CPU-seconds that the meter itself used in the window. */
  cpuSeconds: seconds,
})

/** Cost of the reference load, which is the same in every trial, on one set of CPUs: src/meter/yardstick.ts. */
const yardstick = z.strictObject({
  cpus: z.array(count).min(1),
  /** Messages, and CPU-seconds per message. */
  count,
  unitSeconds: seconds,
  /** CPU-seconds that it used in the window. */
  cpuSeconds: seconds,
})

/** A window with faults, in bins. A request counts in the bin in which it ended. */
export const faultTimeline = z.strictObject({
  binSeconds: z.number().positive(),
  /** Bins of each p99. */
  binsPerP99: z.int().positive(),
  /** 2xx responses in each bin. */
  ok: z.array(count),
  /** All other outcomes in each bin: other responses, errors, time-outs, arrivals that were never sent. */
  failed: z.array(count),
  /** Seconds; null where it lies among the requests without a response, or none ended. */
  p99: z.array(seconds.nullable()),
  /** Requests that each backend received in each bin, in configuration order. */
  received: z.array(z.array(count)),
  /** When each of the plan's faults began and ended, in seconds since the window opened; absent where it did not. */
  faults: z.array(z.strictObject({ from: seconds.optional(), until: seconds.optional() })),
})

/** The host during the window. */
const hostUse = z.strictObject({
  /** CPU-seconds that the hypervisor gave to other machines, and that processes outside the trial used. */
  stealSeconds: seconds,
  foreignSeconds: seconds,
  /** Seconds in which at least one task of the host waited for a CPU, if the kernel reports it. */
  pressureSeconds: seconds.optional(),
  /** Seconds in which a CPU quota stopped the control group of lb. */
  throttledSeconds: seconds,
  /** Pages swapped in and out. */
  swappedPages: count,
  /** On each set of CPUs of the trial; in the latency phase. */
  timerJitter: z.array(timerJitter).optional(),
  /** On each set of CPUs of the trial; in the capacity phase. */
  yardstick: z.array(yardstick).optional(),
})

/** A node during the window. */
const nodeUse = z.strictObject({
  name: z.string(),
  /** Roles of the processes that ran there. */
  roles: z.array(z.enum(['target', 'driver', 'backends'])),
  /** CPUs that they could use. */
  cpus: z.int().positive(),
  /** CPU-seconds that the hypervisor gave to other machines, and that programs which its agents did not start used. */
  stealSeconds: seconds,
  foreignSeconds: seconds,
  /** As of `host`. */
  pressureSeconds: seconds.optional(),
  throttledSeconds: seconds,
  swappedPages: count,
})
export type NodeUse = z.infer<typeof nodeUse>

/** The measurement of one trial. */
export const measurement = z.strictObject({
  trial,
  startedAt: z.iso.datetime(),
  windowSeconds: z.number().positive(),
  warmupSeconds: seconds,
  /** Whether throughput was steady when the window opened, by the warm-up alone. */
  steady: z.boolean(),
  /** Requests of the window; and from the first request to the last. */
  window: counts,
  total: counts,
  /** Requests in flight when the window opened and closed. */
  inFlight: z.strictObject({ opened: count, closed: count }),
  /** Requests that an external driver cut off at the ends of its runs, and counts nowhere. */
  cutOff: count.optional(),
  /** Time to each complete response of the window. Closed loop: from sending. Open loop: from its scheduled time. */
  latency: histogram,
  /** Exact mean of the same times; absent where no request had a 2xx status. */
  okMeanSeconds: seconds.optional(),
  /** Exact mean time in the window of all requests that were sent, however they ended. */
  meanSeconds: seconds,
  /** Open loop: time from sending to the response, and lateness of sending. */
  service: histogram.optional(),
  lateness: histogram.optional(),
  /** Where the plan has visits: those of the window. A request that fails a check counts as `non2xx`. */
  visits: z
    .strictObject({
      began: count,
      /** Those that came to their end, and that ended early. */
      finished: count,
      cut: count,
      /** By name of the step. */
      steps: z.record(z.string(), loadStep),
    })
    .optional(),
  /** Open loop: arrivals planned in the window, and arrivals per second. */
  planned: count.optional(),
  /** Open loop: how the driver waited for the next arrival. It spins only on a CPU of its own. */
  pacing: z.enum(['spin', 'sleep']).optional(),
  rate: z.number().positive().optional(),
  /** Of the drivers `lean` and `open-loop`: protocol, TLS and addresses. */
  connections: connectionFacts.optional(),
  /** Responses in each 100 ms since the load began, warm-up included. */
  bins: z.array(count),
  /** Where the plan has faults. */
  faultTimeline: faultTimeline.optional(),
  /** Causes of the slowest requests and of stalls; of drivers that know each request. */
  slow: slow.optional(),
  /** Times of the steps of requests in the reference balancer, where they were taken. */
  steps: steps.optional(),
  /** Share of the window in which the driver's event loop had work; of several drivers, the busiest one's. */
  driverBusy: z.number().min(0).max(1).optional(),
  /** Share of the window in which the driver did not run at all: stopped, throttled or preempted; likewise. */
  driverStalled: z.number().min(0).max(1).optional(),
  /** Each driver's own part. */
  drivers: z.array(driverPart).optional(),
  /** Of drivers on nodes: how far apart they began. */
  start: fleetStart.optional(),
  /** The first kinds of error, each with its count. */
  errorKinds: z.record(z.string(), count),
  processes: z.array(processCost),
  /** Requests that each backend received, in configuration order, from the first to the last. */
  perBackend: z.array(count),
  /** Requests that the target counted, where it counts. */
  targetRequests: count.optional(),
  /** Requests of each of the target's workers, where it counts them. */
  perWorker: z.array(count).optional(),
  host: hostUse,
  /** The nodes of a trial on nodes, of which `host` then says nothing; without those that were lost. */
  nodes: z.array(nodeUse).optional(),
  verdict,
})
