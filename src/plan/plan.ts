import { z } from 'zod'
import { fault, type Resolution } from './faults/fault.ts'
import type { DataFile, JourneyPlan } from './load/load-plan.ts'
import { visitPlan } from './load/visit-plan.ts'
import { requestMethod } from './request-method.ts'
import { type Transport, transport } from './transport.ts'
import { turn } from './turn.ts'

/** Service time of a mock backend, in seconds. */
const serviceTime = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('fixed'), seconds: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('exponential'), mean: z.number().positive() }),
  z.strictObject({
    kind: z.literal('lognormal'),
    median: z.number().positive(),
    /** Standard deviation of the logarithm. */
    sigma: z.number().positive(),
  }),
])
export type ServiceTime = z.infer<typeof serviceTime>

/** One mock backend. */
const backendPlan = z.strictObject({
  weight: z.int().nonnegative(),
  serviceTime,
  /** Bytes of the body of each response. */
  responseBytes: z.int().nonnegative(),
  /** Requests that it processes at once; others wait in its queue. 0: no limit. */
  concurrency: z.int().nonnegative(),
  /** Fraction of requests with a response of status 500. */
  errorRate: z.number().min(0).max(1),
})
export type BackendPlan = z.infer<typeof backendPlan>

/** The request that every driver sends. */
const requestPlan = z.strictObject({
  method: requestMethod,
  /** Sent as it is. */
  path: z.string().startsWith('/'),
  /** Bytes of the body of each request. */
  bodyBytes: z.int().nonnegative(),
  /** Header fields beside those that the driver sends: Host and Content-Length. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Text of the body, in place of so many bytes. */
  body: z.string().optional(),
})
export type RequestPlan = z.infer<typeof requestPlan>

/** The side of an arm in an A/B comparison, and the properties that differ from the other side. */
const variant = z.strictObject({
  side: z.enum(['base', 'head']),
  /** Commit of the balancer. */
  commit: z.string().optional(),
  /** Folder of the build of lb whose reference balancer is used, in place of the running one. */
  build: z.string().optional(),
  /** Fields of the reference balancer's configuration; each replaces the field of the same name. */
  config: z.record(z.string(), z.json()).optional(),
  /** For the target `command`: the command that starts it. */
  command: z.string().optional(),
})
export type Variant = z.infer<typeof variant>

/** One cell of the experiment: a target and its settings. */
const arm = z.strictObject({
  /** Unique in a plan, for display: `round-robin ×2`. */
  name: z.string().min(1),
  target: z.string().min(1),
  algorithm: z.string().min(1),
  cores: z.int().positive(),
  /** Drivers of this arm, where fleets are compared (default: those of the plan). */
  drivers: z.int().positive().optional(),
  /** In an A/B comparison only: each arm of the base has its counterpart in the head. */
  variant: variant.optional(),
  /** In a run of `lb tune` only: its knobs that are not at their defaults; empty for the default and its twin. */
  turns: z.array(turn).optional(),
})
export type Arm = z.infer<typeof arm>

/** A requested arm whose target lacks the algorithm; it is never replaced by another algorithm. */
const skippedArm = z.strictObject({
  target: z.string().min(1),
  algorithm: z.string().min(1),
  /** The target lacks the algorithm: the only reason that there is. */
  reason: z.strictObject({
    code: z.literal('algorithm-missing'),
    values: z.strictObject({}),
  }),
})
export type SkippedArm = z.infer<typeof skippedArm>

/** `capacity`: maximum throughput, in a closed loop at saturation. `latency`: response times, in an open loop at a given rate. */
export const phase = z.enum(['capacity', 'latency'])
export type Phase = z.infer<typeof phase>

/** A load generator that is an external program. */
export const externalDriver = z.enum(['wrk', 'h2load'])
export type ExternalDriver = z.infer<typeof externalDriver>

/** A driver of the closed loop, by name; `auto`: autocannon, unless it would limit a target. */
export const closedLoopDriver = z.enum(['auto', 'autocannon', 'lean', ...externalDriver.options])
export type ClosedLoopDriver = z.infer<typeof closedLoopDriver>

/** One timed run of one arm. */
export const trial = z.strictObject({
  /** From 0. Comparisons pair the trials of a block. */
  block: z.int().nonnegative(),
  /** Name of the arm. */
  arm: z.string().min(1),
  phase,
  seed: z.int(),
  /** The driver of a trial of the witness. */
  witness: externalDriver.optional(),
})
export type Trial = z.infer<typeof trial>

/** Arrivals of requests in the open loop. */
const arrivals = z.strictObject({
  /** Requests, or visits, per second; without it, `share` of the slowest arm's capacity, as the capacity phase finds it. */
  rate: z.number().positive().optional(),
  share: z.number().positive().max(1),
  spacing: z.enum(['constant', 'poisson']),
})

/** The stop rule: ends a phase by the width of its intervals or by its time, never by its values. */
const stop = z.strictObject({
  /** Half-width of the intervals at which a phase ends, as a fraction. */
  precision: z.number().positive().optional(),
  /** Maximum seconds of the whole run. */
  maxSeconds: z.number().positive().optional(),
  /** Minimum number of blocks. */
  least: z.int().positive(),
})

/** Settings of a target that only the user knows: see TargetSettings in src/targets/target.ts. */
const targetSettings = z.strictObject({
  template: z.string().optional(),
  url: z.string().optional(),
  ...transport.shape,
  pid: z.int().positive().optional(),
  command: z.string().optional(),
})

/** Everything that is needed to repeat a run. */
export const plan = z.strictObject({
  /** Name of its scenario. */
  scenario: z.string(),
  seed: z.int(),
  arms: z.array(arm).min(1),
  /** Requested arms that cannot be measured. */
  skipped: z.array(skippedArm).min(1).optional(),
  backends: z.array(backendPlan).min(1),
  request: requestPlan,
  /** Visits of several requests, in place of that request; rates are then in visits per second. */
  visits: visitPlan.optional(),
  /** Conditions that each arm must meet in the latency phase: src/plan/thresholds parses them. */
  thresholds: z.array(z.string()).min(1).optional(),
  /** Driver of the capacity phase (default: auto). */
  driver: closedLoopDriver.optional(),
  /** A second driver, with trials of its own in each block of the capacity phase. */
  witness: externalDriver.optional(),
  /** Processes of the driver, which share its load (default: by the CPUs of the host and the cost of a request). */
  drivers: z.int().positive().optional(),
  /** Processes of the mock backends, which share the backends (default: likewise). */
  backendProcesses: z.int().positive().optional(),
  /** Connections of all drivers together. */
  connections: z.int().positive(),
  /** Seconds of load before the window opens: the minimum, and the maximum while throughput is not steady. */
  warmup: z.strictObject({ least: z.number().nonnegative(), most: z.number().nonnegative() }),
  /** Seconds of the measured window. */
  duration: z.number().positive(),
  /** Blocks of each phase, each with one trial of every arm; a maximum if there is a stop rule. */
  blocks: z.int().positive(),
  /** The phases, in the order in which they run. */
  phases: z.array(phase).min(1).default(['capacity']),
  /** Name of the arm without a balancer, which the latency that others add is relative to. */
  control: z.string().min(1).optional(),
  /** Arrivals of the latency phase. */
  arrivals: arrivals.default({ share: 0.6, spacing: 'poisson' }),
  /** Faults of backends in each window, in order of time; the latency phase is then the only one. */
  faults: z.array(fault).min(1).optional(),
  /** The rule by which a phase may end before its last block. */
  stop: stop.optional(),
  /** Settings of targets, by target name. */
  settings: z.record(z.string(), targetSettings).optional(),
  /** Seconds after which a request has timed out. */
  timeout: z.number().positive(),
  /** In the order in which they run. */
  trials: z.array(trial).min(1),
})
export type Plan = z.infer<typeof plan>

/** The load that a driver generates. Times in seconds, rates in requests per second. */
export interface Load extends Transport {
  /** Name of the driver: one of src/driver/index.ts. */
  readonly driver: string
  readonly request: RequestPlan
  /** Visits in place of that request, and the place of the driver in its fleet, from 0. */
  readonly visits?: {
    readonly journeys: readonly JourneyPlan[]
    readonly data: Readonly<Record<string, DataFile>>
    readonly driver: number
    readonly drivers: number
  }
  /** Closed loop: connections, each with one request at a time (HTTP/2: `streams`). Open loop: connections used in turn; more are opened only while all are busy. */
  readonly connections: number
  readonly warmup: { readonly least: number; readonly most: number }
  readonly duration: number
  readonly timeout: number
  readonly seed: number
  /** Open loop only. */
  readonly arrivals?: {
    readonly rate: number
    readonly spacing: 'constant' | 'poisson'
    /** Seconds from the begin of the load to the first of evenly spaced arrivals (default 0): drivers of a fleet take turns. */
    readonly offset?: number
    /** Requests in flight beyond which a request is dropped (default: `connections`). */
    readonly maxInFlight?: number
  }
  /** Open loop only: whether it spins between arrivals, on a CPU of its own, instead of sleeping. */
  readonly spin?: boolean
  /** Open loop only: time resolution of the outcomes to report. */
  readonly watch?: Resolution
}
