import type { Fault, Resolution } from '../plan/faults/fault.ts'
import type { BackendPlan } from '../plan/plan.ts'

/** What the backends' process is told when it is started. */
export interface BackendsConfig {
  readonly backends: readonly BackendPlan[]
  readonly seed: number
  /** Port of the first backend; the others follow it. 0, the default: the kernel chooses each. */
  readonly port?: number
}

/** What the backends' process says once every backend listens on 127.0.0.1. */
export interface BackendsReady {
  /** In the order of the plan. */
  readonly ports: readonly number[]
}

/**
 * What one backend counted since its start or since `reset`. Always
 * received = answered + aborted + inFlight: `reset` counts those in flight as received anew.
 */
export interface BackendCounts {
  /** Requests whose head was read. */
  readonly received: number
  /** Answers handed to the kernel in full. */
  readonly answered: number
  /** Of those, answers with 500, as `errorRate` asks. */
  readonly failed: number
  /** Requests whose client went away before its answer was complete. */
  readonly aborted: number
  /** What could not be read as HTTP/1.1; answered with 400, 431 or 501, and not counted as received. */
  readonly malformed: number
  /** Requests received and neither answered nor aborted now: being read, queued or in service. */
  readonly inFlight: number
  /** Requests that wait for a place now, and the most that ever did. */
  readonly queued: number
  readonly queuePeak: number
}

/** What the backends' process answers to `counts`. */
export interface BackendsCounts {
  /** In the order of the plan. */
  readonly backends: readonly BackendCounts[]
}

/** What the backends' process is told with `befall`, once the window has opened. */
export interface FaultsOptions extends Pick<Resolution, 'binSeconds' | 'bins'> {
  /** When it opened, in ms of `process.hrtime`, which counts alike in every process of a host. */
  readonly openedMs: number
  readonly faults: readonly Fault[]
}

/** What the backends' process answers to `watched`. */
export interface BackendsWatch {
  /** Requests that each backend received in each bin, in the order of the plan. */
  readonly received: readonly (readonly number[])[]
  /** When each fault really came and went, in seconds since the window opened; absent: not yet. */
  readonly faults: readonly { readonly from?: number; readonly until?: number }[]
}
