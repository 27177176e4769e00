import { z } from 'zod'
import { fault, type Resolution } from './faults/fault.ts'

/** How long a mock backend works on a request, in seconds. */
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
  /** Bytes in the body of each answer. */
  responseBytes: z.int().nonnegative(),
  /** Requests it works on at once; the rest wait in its queue. 0: no limit. */
  concurrency: z.int().nonnegative(),
  /** Fraction of requests that it answers with 500. */
  errorRate: z.number().min(0).max(1),
})
export type BackendPlan = z.infer<typeof backendPlan>

/** The request that every driver sends. */
const requestPlan = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT']),
  path: z.string().startsWith('/'),
  /** Bytes in the body of each request. */
  bodyBytes: z.int().nonnegative(),
})
export type RequestPlan = z.infer<typeof requestPlan>

/** Which side of a duel an arm is on, and what sets it apart from the other side. */
const variant = z.strictObject({
  side: z.enum(['base', 'head']),
  /** Commit that it was built from. */
  commit: z.string().optional(),
  /** Folder of a build of lb whose reference balancer it is, in place of the running one. */
  build: z.string().optional(),
  /** Fields of the reference balancer's configuration, each in place of what it would have. */
  config: z.record(z.string(), z.json()).optional(),
  /** For the target `command`: what to run. */
  command: z.string().optional(),
})
export type Variant = z.infer<typeof variant>

/** One cell of the experiment: what is under test, and how it is set. */
const arm = z.strictObject({
  /** Unique in a plan, for people: `round-robin ×2`. */
  name: z.string().min(1),
  target: z.string().min(1),
  algorithm: z.string().min(1),
  cores: z.int().positive(),
  /** In a duel only: base against head, each arm of one against its like of the other. */
  variant: variant.optional(),
})
export type Arm = z.infer<typeof arm>

/** A target that was asked for an algorithm that it does not have: never replaced by another one. */
const skippedArm = z.strictObject({
  target: z.string().min(1),
  algorithm: z.string().min(1),
  /** Why, as a sentence without its full stop. */
  reason: z.string().min(1),
})
export type SkippedArm = z.infer<typeof skippedArm>

/** `capacity` asks how much, in closed loop at saturation; `latency` asks how fast, at a given rate. */
export const phase = z.enum(['capacity', 'latency'])
export type Phase = z.infer<typeof phase>

/** One timed run of one arm. */
export const trial = z.strictObject({
  /** From 0. Comparisons pair within a block. */
  block: z.int().nonnegative(),
  /** Name of the arm. */
  arm: z.string().min(1),
  phase,
  seed: z.int(),
})
export type Trial = z.infer<typeof trial>

/** How requests arrive in an open loop. */
const arrivals = z.strictObject({
  /** Requests per second; without one it is `share` of the slowest arm's capacity, as the capacity phase finds it. */
  rate: z.number().positive().optional(),
  share: z.number().positive().max(1),
  spacing: z.enum(['constant', 'poisson']),
})

/** Ends a phase by how sure its comparisons are, or by the clock; never by what they say. */
const stop = z.strictObject({
  /** Half-width of the intervals that is wanted, as a fraction. */
  precision: z.number().positive().optional(),
  /** Seconds for the whole run. */
  maxSeconds: z.number().positive().optional(),
  /** Blocks that there are in any case. */
  least: z.int().positive(),
})

/** What only the user can say of a target: see TargetSettings in src/targets/target.ts. */
const targetSettings = z.strictObject({
  template: z.string().optional(),
  url: z.string().optional(),
  pid: z.int().positive().optional(),
  command: z.string().optional(),
})

/** Everything that a run needs to be repeated. */
export const plan = z.strictObject({
  /** Name of the scenario that it came from. */
  scenario: z.string(),
  seed: z.int(),
  arms: z.array(arm).min(1),
  /** What was asked for, and cannot be measured. */
  skipped: z.array(skippedArm).min(1).optional(),
  backends: z.array(backendPlan).min(1),
  request: requestPlan,
  /** Connections of the closed loop; the most requests in flight of the open loop. */
  connections: z.int().positive(),
  /** Seconds of load before the window opens: at least, and at most while it is not steady. */
  warmup: z.strictObject({ least: z.number().nonnegative(), most: z.number().nonnegative() }),
  /** Seconds of the measured window. */
  duration: z.number().positive(),
  /** Blocks of each phase, each with one trial of every arm: at most, where `stop` may end it before. */
  blocks: z.int().positive(),
  /** The questions, in the order in which they are asked. */
  phases: z.array(phase).min(1).default(['capacity']),
  /** Name of the arm that has no balancer: what the others add is what they differ from it by. */
  control: z.string().min(1).optional(),
  /** How requests arrive in the latency phase. */
  arrivals: arrivals.default({ share: 0.6, spacing: 'poisson' }),
  /** What befalls backends in each window, in order of time; the latency phase is then the only one. */
  faults: z.array(fault).min(1).optional(),
  /** When a phase may end before its last block. */
  stop: stop.optional(),
  /** What the user says of targets, by their names. */
  settings: z.record(z.string(), targetSettings).optional(),
  /** Seconds after which a request counts as timed out. */
  timeout: z.number().positive(),
  /** In the order in which they run. */
  trials: z.array(trial).min(1),
})
export type Plan = z.infer<typeof plan>

/** What a driver is asked to do, in seconds and requests per second. */
export interface Load {
  /** Name of the driver: `closed-loop`, `open-loop`. */
  readonly driver: string
  readonly request: RequestPlan
  /** Closed loop: connections, each asks again when answered. Open loop: connections that are taken in turn; more are opened only when all are in use. */
  readonly connections: number
  readonly warmup: { readonly least: number; readonly most: number }
  readonly duration: number
  readonly timeout: number
  readonly seed: number
  /** Open loop only. */
  readonly arrivals?: {
    readonly rate: number
    readonly spacing: 'constant' | 'poisson'
    /** Requests in flight beyond which an arrival is dropped; without it, `connections`. */
    readonly mostInFlight?: number
  }
  /** Open loop only: how finely to report what became of requests in the course of the window. */
  readonly watch?: Resolution
}
