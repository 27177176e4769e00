import type { Fault, Resolution } from '../plan/faults/fault.ts'
import type { BackendPlan } from '../plan/plan.ts'

/** Options of the backends' process, for `start`. */
export interface BackendsConfig {
  readonly backends: readonly BackendPlan[]
  /** The number of each backend in responses and messages (default: from 1). */
  readonly numbers?: readonly number[]
  readonly seed: number
  /** Address to listen on (default: the loopback address). */
  readonly host?: string
  /** Port of the first backend; the others have the next ports. Default 0: the kernel chooses each. */
  readonly port?: number
  /** Port whose connections go to all backends of the process by their weights; 0: the kernel chooses. Without it there is none. */
  readonly entry?: number
}

/** The reply to `start`, once every backend listens. */
export interface BackendsReady {
  /** In the order of the plan. */
  readonly ports: readonly number[]
  /** The port that was asked for as `entry`. */
  readonly entry?: number
}

/**
 * Counts of one backend since its start or the last `reset`. Always
 * received = answered + aborted + inFlight: `reset` sets `received` to the requests in flight.
 */
export interface BackendCounts {
  /** Requests whose head was received. */
  readonly received: number
  /** Responses that were written to the kernel completely. */
  readonly answered: number
  /** Of these, responses with 500: see `errorRate`. */
  readonly failed: number
  /** Of `answered`, responses in HTTP/2. */
  readonly http2: number
  /** Requests whose client disconnected before the response was complete. */
  readonly aborted: number
  /** Input that is not valid HTTP: refused with 400, 431 or 501, in HTTP/2 by a reset, and not counted as received. */
  readonly malformed: number
  /** Requests that are being read, queued or in service. */
  readonly inFlight: number
  /** Requests in the queue, and the maximum since the last `reset`. */
  readonly queued: number
  readonly queuePeak: number
}

/** The reply to `counts`. */
export interface BackendsCounts {
  /** In the order of the plan. */
  readonly backends: readonly BackendCounts[]
}

/** The faults of a trial, for `injectFaults`, once the measurement window has opened. */
export interface FaultsOptions extends Pick<Resolution, 'binSeconds' | 'bins'> {
  /** When the window opened, in ms of `process.hrtime`, which is the same clock in all processes of a host. */
  readonly openedMs: number
  readonly faults: readonly Fault[]
}

/** The reply to `faultTimeline`: what the backends saw while faults were injected. */
export interface FaultTimeline {
  /** Requests that each backend received in each bin, in the order of the plan. */
  readonly received: readonly (readonly number[])[]
  /** When each fault began and ended, in seconds since the window opened; absent: not yet. */
  readonly faults: readonly { readonly from?: number; readonly until?: number }[]
}
