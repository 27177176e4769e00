import { z } from 'zod'
import { phase } from '../../plan/plan.ts'
import { amount, count, fraction, role, seconds } from './values.ts'

/** Evidence for the bottleneck of a trial. `driver-late` of the trial's checks is one as well. */
export const bottleneckReasons = {
  /** A process used up the CPUs that it could use. */
  'cpu-saturated': z.strictObject({ role, usedShare: fraction, cpus: amount }),
  /** The busiest thread of a process used up one CPU, while the process did not use up its CPUs. */
  'thread-saturated': z.strictObject({
    role,
    threadShare: fraction,
    usedShare: fraction,
    cpus: amount,
  }),
  /** Several roles share CPUs and used them up together; `largest` used most. */
  'shared-cpus-saturated': z.strictObject({
    roles: z.array(role),
    largest: role,
    usedShare: fraction,
    cpus: count,
  }),
  /** The open-loop driver used more than the allowed share of its CPU, so its own queue is part of the latency. */
  'driver-busy': z.strictObject({ usedShare: fraction, allowedShare: fraction }),
  /** The driver had work all the time but ran only part of it: something kept it from its CPU. */
  'driver-preempted': z.strictObject({
    busyShare: fraction,
    ranShare: fraction,
    switches: count,
  }),
  /** The driver did not run at all for part of the window: stopped, throttled or preempted. Of several, the one of this number, from 1. */
  'driver-stalled': z.strictObject({
    number: count.optional(),
    of: count.optional(),
    stalledShare: fraction,
    ranShare: fraction,
    switches: count,
  }),
  /** The busiest thread of a process ran or was runnable all the time, while programs outside the trial ran. */
  'cpu-contended': z.strictObject({
    role,
    ranShare: fraction,
    waitShare: fraction,
    switches: count,
  }),
  /** The busiest thread of a process ran or was runnable all the time, and the process used nearly all of its CPUs, while no other programs ran. */
  'thread-always-runnable': z.strictObject({
    role,
    usedShare: fraction,
    ranShare: fraction,
    waitShare: fraction,
  }),
  /** A backend served as many requests per second as its service time and concurrency allow. `backend` counts from 1. */
  'backend-at-capacity': z.strictObject({ backend: count, rate: amount, maxRate: amount }),
  /** Most of a request's mean time is the configured service time of the backends. */
  'backends-slow': z.strictObject({ meanSeconds: seconds, serviceShare: fraction }),
  /** Programs outside the trial used up what the trial left of the CPUs. */
  'other-programs': z.strictObject({ usedShare: fraction, cpus: count }),
  /** A process was runnable and waited for a CPU for a large part of the window; programs outside the trial used `othersCpus` CPUs. */
  'waited-for-cpu': z.strictObject({ role, waitShare: fraction, othersCpus: amount }),
  /** Throughput came within 10 % of that without a balancer, so what limits the control limits the target. */
  'near-control': z.strictObject({
    bottleneck: z.enum(['driver', 'backends']),
    rate: amount,
    controlRate: amount,
  }),
  /** No process used up its CPU; with the CPU share used by each role. */
  'no-bottleneck': z.strictObject({
    phase,
    target: fraction.optional(),
    driver: fraction.optional(),
    backends: fraction.optional(),
  }),
} as const
